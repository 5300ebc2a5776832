from . import base_partner_merge
from . import base_partner_merge_attendance
from . import base_partner_merge_membership
from . import partnership_composition_date
from . import partnership_membership_change
from . import partnership_mandate_renew
from . import partnership_sheet_close
from . import partnership_candidate_refuse
