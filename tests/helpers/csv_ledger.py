"""Tables of a small ledger, as CSV files hold them."""

ENTERPRISES = "enterprise_id,name\nE1,华数机器人\nE2,甲厂\n"
DEMANDS = "demand_id,enterprise_id,raised_on,text,in_remit,status\n"
