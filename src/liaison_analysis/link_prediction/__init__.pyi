from .model import SupplyLinkModel as SupplyLinkModel
from .suppliers import find_suppliers as find_suppliers
