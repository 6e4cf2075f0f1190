from .answers import SURE as SURE
from .credit_codes import codes_told as codes_told
from .index import NameIndex as NameIndex
