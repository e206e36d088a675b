"""English words of customers, one notion a line; ``_`` joins the words of a phrase."""

ASKING = """
how way method steps procedure process instructions guide how_to how_do_i how_can_i walk_me_through
why reason cause how_come what_caused explain explanation
when how_soon what_time date day
how_long duration time long take_so_long taking_so_long length_of_time
how_much price cost costs pricing priced charge fee
how_many number amount count quantity
where place location located locate address whereabouts where_is
who whom person whose
which kind type kinds types sort what_kind what_type options option
can may able possible could allow allowed permit permitted let is_it_possible
difference different differ compare comparison versus vs
mean meaning means definition define stand_for
help assist support assistance advice advise guidance
know find_out learn tell information info details look_up check see view
requirement require required requirements need necessary must have_to eligible qualify eligibility criteria
"""

SAYING_NO = """
cannot cant unable wont doesnt didnt isnt couldnt wasnt not havent hasnt never dont no without arent werent
fail failed failing failure unsuccessful decline declined reject rejected refuse refused deny denied denial turned_down
broken malfunction work working stuck broke faulty defective out_of_order damaged not_working doesnt_work damage crash
problem issue issues trouble problems error errors wrong mistake incorrect fault glitch mistaken incorrectly
lost missing lose misplaced disappeared gone vanished misplace cant_find cannot_find disappear
stolen theft robbed steal stole thief
unauthorized fraud fraudulent suspicious scam compromised hacked fake spam phishing not_recognize dont_recognize
forgot forget forgotten remember recall cant_remember dont_remember
complain complaint complaints unhappy dissatisfied upset angry
slow lag lagging laggy sluggish slowly delay delayed late
block blocked lock locked freeze frozen suspend suspended ban banned barred hold restricted locked_out
disconnect disconnected drop dropped dropping offline outage down interrupted
duplicate twice double doubled repeated two_times again multiple
"""

DOING = """
cancel undo revert reverse reverted reversed cancellation terminate unsubscribe opt_out get_rid_of call_off
stop end quit discontinue halt cease finish
change update modify edit alter switch adjust amend correct replace changing
delete remove erase clear close closing closure shut_down
activate enable activated turn_on switch_on start begin initiate set_up setup activation
deactivate disable turn_off switch_off deactivated
open register sign_up signup enroll enrol join apply application subscribe registration create
verify verification confirm confirmation validate prove authenticate authentication proof approve approved approval
receive received get got arrive arrived arriving receiving come come_through came go_through gone_through
send sent sending wire remit transfer transferred transferring transfers move
show showing appear appeared reflect reflected display displayed visible shown
buy purchase purchased bought order ordered ordering purchasing purchases shop shopping
sell sold selling sale
return returned exchange swap send_back bring_back
refund reimburse reimbursement money_back refunded chargeback get_back
pay paid payment paying payments settle pay_off
top_up topup topping_up topped_up recharge reload add_money load top topped topping refill
withdraw withdrawal withdrawing withdrew cash_out take_out get_cash withdrawals
deposit deposited put_in deposits
borrow loan lend lending credit_line mortgage finance
save saving savings store
transfer port porting switch_over migrate move_over
upgrade upgrading upgraded better_plan improve
downgrade downgrading cheaper_plan
increase raise raised higher more extend expand boost
decrease reduce lower lowered less reduction cut
replace replacement new_card new_one reissue
reset restore recover recovery retrieve regain
connect connection link linked pair connected hook_up attach
install download installation app_store installing downloaded
repair fix fixed repaired mend technician solve solved resolve resolved
schedule appointment book booking reserve reservation reservations reserved booked
track tracking status progress follow
deliver delivery delivered ship shipped shipping shipment mail mailed post courier
call phone_call dial ring calling called calls contact reach get_in_touch get_hold_of
speak talk chat talking speaking
write email message text texting sms messages texts
use used using usage usable utilize
keep retain remain maintain stay
share sharing split together joint
choose pick select picked chosen
recommend suggest suggestion suggestions recommendation recommendations advise
report reporting flag notify inform let_know reported
expire expires expired expiration expiring expiry run_out valid validity good_until
renew renewal renewed extend_contract renewing autorenew
wait waiting pending processing still queue await
remind reminder alert notification notifications notified
sync synchronize backup back_up
repeat again once_more say_again
translate translation
calculate compute figure_out work_out
"""

MONEY = """
fee fees charge charged charges cost costs price pricing priced commission surcharge rate rates tariff charging
free no_charge complimentary free_of_charge at_no_cost
expensive pricey costly high overpriced overcharged too_much
cheap cheaper cheapest inexpensive affordable low
money cash funds fund
bill bills invoice statement receipt receipts billing invoices
balance remaining left remainder available how_much_left
limit maximum max cap most limits highest upper
minimum least lowest min smallest
currency currencies dollars euro euros pounds usd gbp eur dollar pound
exchange_rate conversion rate exchange convert
discount coupon promo promotion offer deal promo_code voucher discounts offers deals
reward rewards points loyalty cashback bonus benefits perks
debt owe owed owing overdue outstanding past_due
debit debited deducted deduct taken took withdrawn deduction
direct_debit standing_order autopay recurring automatic auto automatically regular_payment
interest apr rate_of_interest yield
tax taxes vat taxed
wage salary paycheck pay income earnings wages
insurance insured coverage policy cover
contract agreement terms commitment
spend spent spending expenses expense expenditure
installment installments monthly_payment instalment instalments
"""

THINGS = """
phone mobile cell telephone cellphone smartphone handset device
number phone_number digits
sim sim_card simcard esim
card cards plastic
credit_card creditcard visa mastercard credit
debit_card bank_card bankcard atm_card
account accounts profile
password passcode pin code passwords pincode
username user_name login log_in sign_in signin logged login_name access
identity id identification passport license
internet data web online wifi broadband network connectivity wi_fi router modem
signal reception coverage bars service_area
plan package tariff_plan subscription bundle plans
store shop branch outlet office
atm cashpoint cash_machine atms
agent representative human person rep operator real_person staff advisor customer_service someone
app application software program
website site webpage page
company business firm organization employer merchant seller vendor retailer
bank banks banking institution
family relative relatives parents
child kid children kids son daughter baby
wife husband spouse partner
friend friends buddy
home house apartment residence
car vehicle auto automobile truck
country countries abroad foreign international overseas roaming worldwide
europe european eu
travel traveling travelling trip vacation journey holiday tour
flight flights plane airplane airline
hotel hotels motel accommodation lodging
food meal dinner lunch breakfast eat eating dish
restaurant restaurants diner cafe
doctor medical health hospital
weather temperature rain forecast
music song songs playlist tune
movie film movies films
job employment career position occupation
meeting meetings conference
list lists todo
question questions query inquiry enquiry
word words term
name names called named
language languages speak_in
gas fuel petrol
"""

QUALITIES = """
now immediately right_now right_away instantly instant asap at_once urgent urgently quick quickly fast soon
today tonight this_day currently current present
tomorrow next later after future upcoming
yesterday last ago earlier before previous previously past recently recent
month monthly months
year yearly annual annually years
week weekly weeks
day daily days
hours opening_hours business_hours open_until opening
near nearby closest nearest close_by around
safe secure security safety protected protection trust reliable
correct right accurate proper okay
new brand_new another newest latest
old older former
all every everything any entire whole total
only just single one
physical real actual
virtual disposable digital temporary electronic
good great nice best excellent
bad terrible awful worst poor horrible
big large huge bigger
small little tiny smaller
true real genuine really
age old years_old young
busy crowded packed
extra additional add more another second
unknown strange weird unfamiliar unexpected odd
"""

LINES = "\n".join((ASKING, SAYING_NO, DOING, MONEY, THINGS, QUALITIES)).split("\n")
