from .agencies import organization, participation  # noqa: F401  registers
from .assessing import assessment, commitments, external_system, feed, hearing, line, objection, transfer, visit  # noqa: F401  registers
from .catalogue import indicator, specific_list, target  # noqa: F401  registers
from .festival import award_kind, festival, nominee  # noqa: F401  registers
from .imports import file_source, import_run, kept_heading  # noqa: F401  registers
from .improvement import plan  # noqa: F401  registers
from .messages import announcement, mail, notice  # noqa: F401  registers
from .results import afterwards, agency_result, earlier_total, letter, letter_template, level, publicity, result  # noqa: F401  registers
from .service import outage, publishing, settings, ticket  # noqa: F401  registers
from .system import accounts, audit, file_event, queue_lists  # noqa: F401  registers
from .year import checklist, circular, committee, cycle, day_off, evaluator_group, extension, windows, workshop  # noqa: F401  registers
