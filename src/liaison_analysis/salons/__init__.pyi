from .plan import SalonPlan as SalonPlan
from .plan import plan_salon as plan_salon
from .preferences import combine_wishes as combine_wishes
from .proposals import propose_salons as propose_salons
from .replanning import replan_meetings as replan_meetings
from .seating import seat_tables as seat_tables
from .timetable import schedule_meetings as schedule_meetings
