"""Names of places, makers, days and everyday things, one class a line: who asks by one of them may mean any of them."""

CHINESE = """
国外 境外 出国 海外 外国 日本 韩国 泰国 美国 英国 法国 德国 意大利 西班牙 葡萄牙 荷兰 瑞士 俄罗斯 新加坡 马来西亚 \
越南 印度 印尼 菲律宾 柬埔寨 老挝 缅甸 澳大利亚 澳洲 新西兰 加拿大 墨西哥 巴西 阿根廷 埃及 南非 非洲 土耳其 阿联酋 \
迪拜 以色列 欧洲 东南亚 巴厘岛 普吉岛 东京 大阪 首尔 曼谷 伦敦 巴黎 纽约
香港 澳门 台湾 港澳 港澳台
北京 上海 广州 深圳 天津 重庆 成都 武汉 杭州 南京 西安 苏州 郑州 长沙 青岛 沈阳 大连 厦门 福州 济南 合肥 昆明 哈尔滨 \
长春 石家庄 太原 南昌 贵阳 南宁 兰州 海口 三亚 乌鲁木齐 拉萨 银川 西宁 呼和浩特 宁波 东莞 佛山 无锡
广东 浙江 江苏 山东 河南 河北 四川 湖北 湖南 福建 安徽 江西 辽宁 吉林 黑龙江 陕西 山西 云南 贵州 广西 海南 甘肃 青海 \
宁夏 新疆 西藏 内蒙古
手机 机型 型号 苹果 苹果手机 华为 小米 荣耀 红米 三星 魅族 一加 vivo oppo iphone ipad 安卓 平板 手表 智能手表
微信 qq 抖音 快手 微博 小红书 淘宝 拼多多 美团 滴滴 b站 哔哩哔哩 知乎 头条
视频 爱奇艺 腾讯视频 优酷 芒果tv 看剧 追剧 电影 直播
游戏 王者荣耀 王者 吃鸡 原神 打游戏 玩游戏 手游 加速
音乐 网易云 网易云音乐 qq音乐 酷狗 听歌 歌曲
支付宝 微信支付 云闪付 花呗 京东支付 数字人民币
工商银行 工行 建设银行 建行 农业银行 农行 中国银行 中行 招商银行 招行 交通银行 交行 邮储 邮储银行 浦发 民生 兴业 \
中信 光大 平安银行 广发
移动 联通 电信 广电 运营商 异网 别的运营商 其他运营商
周一 周二 周三 周四 周五 星期一 星期二 星期三 星期四 星期五 工作日
周六 周日 周末 星期六 星期天 星期日 礼拜天
春节 过年 国庆 国庆节 五一 元旦 中秋 端午 清明 除夕 十一
早上 上午 中午 下午 晚上 夜里 半夜 凌晨 傍晚 晚间
投诉 垃圾 坑人 坑爹 坑 气死 气死我了 烦死 烦死了 无语 差评 忽悠 套路 霸王条款 不讲理 离谱 太过分 过分
"""

ENGLISH = """
abroad overseas foreign country countries america usa uk britain england scotland ireland france germany italy spain \
portugal greece turkey russia netherlands belgium switzerland austria poland sweden norway denmark finland iceland \
israel egypt morocco kenya nigeria africa asia china japan korea thailand vietnam singapore malaysia indonesia \
philippines india pakistan nepal australia new_zealand canada mexico brazil argentina chile peru colombia cuba
city town london paris berlin rome madrid barcelona lisbon athens istanbul moscow amsterdam brussels zurich vienna \
prague warsaw stockholm dublin dubai cairo beijing shanghai tokyo seoul bangkok bali delhi mumbai sydney melbourne \
toronto vancouver montreal new_york nyc los_angeles chicago boston seattle miami orlando houston dallas austin \
denver phoenix atlanta detroit philadelphia san_francisco san_diego las_vegas washington hawaii florida texas \
california
january february april june july august september october november december jan feb apr aug sept oct nov dec
monday tuesday wednesday thursday friday saturday sunday
weekend saturday sunday
morning afternoon evening night noon midnight am pm oclock
iphone ipad android samsung huawei xiaomi galaxy pixel nokia motorola tablet laptop computer
amazon ebay walmart target costco ikea paypal alibaba
chase citibank hsbc barclays lloyds santander wells_fargo bank_of_america capital_one
visa mastercard amex american_express discover
english spanish french german italian portuguese chinese mandarin japanese korean russian arabic hindi
pizza pasta rice chicken beef pork steak egg bread cheese milk butter salad soup cake cookie burger sandwich salmon \
potato tomato banana orange fruit vegetable sugar coffee tea beer wine chocolate noodle sushi curry
cook cooking bake baking recipe ingredient prepare
calorie nutrition nutritional protein carbs vitamin healthy diet
dog cat pet puppy kitten animal
red blue green yellow black white purple pink color colour
two three four five six seven eight nine ten twenty fifty hundred thousand
inch feet foot meter mile kilometer cm kg kilogram ounce liter gallon
alarm wake wake_up timer clock
calendar agenda event
traffic route direction drive driving road commute highway navigate
taxi cab uber lyft ride bus train metro subway
luggage baggage bag suitcase
oil tire engine mileage mpg
joke funny laugh humor
robot bot ai machine
volume loud louder quiet mute
light lamp
hello hi hey greeting
bye goodbye farewell see_you
thank appreciate grateful
yes yeah yep sure absolutely
no nope nah
day_off days_off time_off pto vacation leave
credit_score credit_rating credit_report
birthday anniversary wedding christmas thanksgiving easter halloween
house apartment flat condo rent mortgage
electric electricity water gas_bill utility
school college university student class
game video movie tv netflix youtube
facebook instagram twitter whatsapp tiktok
"""

LINES = "\n".join((CHINESE, ENGLISH)).split("\n")
