from .kinds import MASKS as MASKS
from .masking import Masker as Masker
from .masking import blank_masks as blank_masks
from .masking import count_personal_data as count_personal_data
from .masking import mask_personal_data as mask_personal_data
from .masking import without_mask_numbers as without_mask_numbers
from .patterns import find_personal_data as find_personal_data
