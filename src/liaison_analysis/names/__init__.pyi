from .answers import SURE as SURE
from .credit_codes import credit_code_notes as credit_code_notes
from .index import NameIndex as NameIndex
