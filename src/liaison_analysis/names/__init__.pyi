from .answers import SURE as SURE
from .credit_codes import credit_code_notes as credit_code_notes
from .index import NameIndex as NameIndex
from .shortening import brands_of as brands_of
from .shortening import short_names as short_names
from .shortening import without_place as without_place
