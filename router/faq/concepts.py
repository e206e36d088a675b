"""Generic thesaurus of customers' language: different words for one notion, in Chinese and English."""

from router.faq.normalise import is_han
from router.faq.stems import stem

_CHINESE = """
如何 怎么 怎样 咋 怎么样 怎么办 怎么弄 咋办 咋弄 咋样 怎的 怎么才能 步骤 方法 流程 途径 方式 办法 怎么操作 操作
为什么 为何 为啥 怎么回事 什么原因 原因 咋回事 干嘛 为嘛 凭什么
可以 能 能够 能不能 可不可以 可否 能否 是否可以 行不行 行吗 可以吗 得不得 允许 支持
不能 不可以 无法 不了 没办法 没法 不行 不成功 失败 未成功 没成功 不上 不成 不让 拒绝 报错
多久 多长时间 什么时候 何时 几时 啥时候 几天 多少天 什么时间 多长 时间 时候 几点 期限 时限 哪天 几号 日期
多少 几个 几 多大 数额 金额 数量
没有 没 未 无 还没 尚未 不曾 没收到
费用 收费 多少钱 价格 价钱 手续费 服务费 资费 费率 花费 钱 花钱 费 贵 便宜 免费
电话 来电 打电话 致电 回电 通话 热线 回访 客服电话 拨打 联系 打过来
手机号 手机号码 号码 电话号码 手机 号
还款 还钱 归还 偿还 还 还清 结清 还账 还贷
借款 贷款 借钱 借 贷 借贷 放款
提前 早 提早 预先
取消 退订 关闭 停用 解除 注销 退掉 撤销 终止 停止 退 删除 关掉
开通 激活 启用 开启 办理 申请 办 开户 打开 订购 订 报名 注册 使用
修改 更改 变更 更换 改 换 改成 调整 重新设置 重置 重设 更新
查询 查 查看 查一下 查下 看看 了解 知道 得知 看 咨询 询问 想问 问
增加 提高 提升 添加 加 上调 增多 涨 新增
减少 降低 下调 降
密码 口令
丢失 丢 丢了 遗失 掉了 挂失 不见了 找不到 找不着 报失
忘记 忘了 忘 记不住 不记得 想不起
余额 剩余 剩 剩下 还有多少
账户 帐户 账号 帐号 户头 户
账单 帐单 对账单 明细 详单 清单
扣款 扣钱 扣 扣费 划扣 扣除 代扣
到账 到帐 入账 收到 收款 到位
转账 转帐 汇款 转钱 打款 汇
取现 提现 取钱 取款 提取 取出 取出来 体现
额度 限额 上限 最高 最多 最大 封顶
最低 最少 最小 起 下限
利息 利率 日息 年利率 月息 息
逾期 过期 超期 到期 晚还 延期 推迟 迟 晚 延迟
绑定 关联 绑 捆绑 连接
解绑 解除绑定
短信 信息 消息 通知 提醒 提示
验证码 校验码
地点 地方 哪里 哪儿 哪 在哪 何处 地址 位置
谁 哪个 哪位 哪家 哪些 哪种 什么样
审核 审批 批准 通过 核实 确认 验证 审查
条件 资格 要求 门槛 标准 规定
资料 材料 文件 证件 手续 证明
安全 可靠 保障 靠谱 放心 风险
赔偿 补偿 赔 赔付 索赔 赔多少
起诉 诉讼 打官司 告 上诉 控告
处罚 惩罚 罚款 判刑 判 刑罚 处理 追究 量刑 罚
规定 法律 法规 条例 条款
责任 负责 承担 义务
离婚 婚姻
公司 企业 单位 用人单位
员工 职工 劳动者 工人 雇员
合同 协议 合约
买 购买 购 选购
卖 出售 售 销售 转让
快递 物流 配送 送货 发货 寄 邮寄
退货 退款 退钱 退换 退回
故障 坏 坏了 出错 异常 问题 毛病
上网 网络 网速 流量 宽带 信号 wifi
慢 卡 卡顿 不流畅
套餐 业务 服务 产品 项目
发票 票据 收据
充值 交费 缴费 交钱 缴 充 付费 付款 支付 交 付
人工 客服 人 工作人员 营业员
营业厅 网点 柜台 门店
身份证 证件 实名 实名制
限制 约束 制约
区别 不同 差别 差异 分别
含义 意思 定义 概念 是什么 什么是 指什么 何为 何谓
种类 类型 哪几种 类别 分类
包括 包含 有哪些 内容 哪些
好处 优惠 优势 优点 活动 奖励 折扣
必须 一定 需要 要 得 须 应该 应当 应
孩子 小孩 子女 儿女 未成年人
死亡 去世 死 身亡 过世
房子 房屋 住房 房产 房
汽车 车 车辆 机动车
父母 爸妈 父亲 母亲
妻子 老婆 丈夫 老公 配偶 夫妻
"""

_ENGLISH = """
why reason cause
cannot cant unable wont doesnt didnt isnt couldnt wasnt not havent hasnt never
fail failed failing failure decline declined reject rejected refuse refused deny denied unsuccessful
allow allowed permit permitted possible able
fee fees charge charged charges cost costs price pricing priced commission surcharge
money cash funds fund
transfer transferred send sent sending wire remit
lost missing lose misplaced disappeared gone vanished
stolen theft robbed steal
receive received get got arrive arrived arriving
show showing appear appeared reflect reflected
refund reimburse reimbursement
cancel undo revert reverse reverted reversed
change update modify edit alter switch
verify verification confirm confirmation validate prove authenticate
identity id identification passport
location located where place
buy purchase purchased bought
phone mobile cell telephone cellphone smartphone
password passcode pin code
forgot forget forgotten remember recall
expire expires expired expiration expiring expiry
delete remove erase clear
activate enable activated
broken malfunction work working stuck
limit maximum max cap
minimum least lowest min
currency currencies dollars euro euros pounds usd gbp eur
country countries abroad foreign international overseas
travel traveling travelling trip vacation journey
eat food meal dinner lunch breakfast
recommend suggest suggestion suggestions recommendation recommendations
made creator created built invented developed maker
holiday vacation pto
unauthorized fraud fraudulent suspicious scam compromised hacked
pending processing waiting
atm cashpoint
withdraw withdrawal withdrawing withdrew
near nearby closest nearest
busy crowded packed
wage salary paycheck pay
bill bills invoice
how way method steps procedure process
long time when soon duration
help assist support
"""


def _table(lines: list[str], first: int) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(lines, first):
        for word in dict.fromkeys(word if is_han(word) else stem(word) for word in line.split()):
            table[word] = (*table.get(word, ()), f"#{number}")
    return table


_TABLE = _table(_CHINESE.split("\n") + _ENGLISH.split("\n"), 0)
_LONGEST = 6


def notions(words: list[str]) -> list[str]:
    """The notions that a text's words stand for; Han runs are read from the left, longest known word first."""
    found: list[str] = []
    for word in words:
        if not is_han(word):
            found.extend(_TABLE.get(stem(word), ()))
            continue
        start = 0
        while start < len(word):
            for length in range(min(_LONGEST, len(word) - start), 0, -1):
                if known := _TABLE.get(word[start : start + length]):
                    found.extend(known)
                    break
            else:
                length = 1
            start += length
    return found
