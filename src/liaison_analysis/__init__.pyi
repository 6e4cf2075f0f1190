from ._options import options as options
from .analysis import Analysis as Analysis
from .demands import DemandThemes as DemandThemes
from .demands import find_mentions as find_mentions
from .errors import LedgerError as LedgerError
from .followup import settlement as settlement
from .introductions import rank_introductions as rank_introductions
from .ledger import Ledger as Ledger
from .ledger import load_liangjiang as load_liangjiang
from .ledger import read_ledger as read_ledger
from .ledger import write_ledger as write_ledger
from .link_prediction import SupplyLinkModel as SupplyLinkModel
from .link_prediction import find_suppliers as find_suppliers
from .names import NameIndex as NameIndex
from .policies import PolicyIndex as PolicyIndex
from .privacy import mask_personal_data as mask_personal_data
from .report import run_report as run_report
from .salons import SalonPlan as SalonPlan
from .salons import plan_salon as plan_salon
from .salons import schedule_meetings as schedule_meetings
from .supply_chain import build_supply_graph as build_supply_graph
from .supply_chain import chain_gaps as chain_gaps
from .supply_chain import find_clusters as find_clusters
from .supply_chain import key_enterprises as key_enterprises
from .supply_chain import supply_routes as supply_routes

__version__: str
