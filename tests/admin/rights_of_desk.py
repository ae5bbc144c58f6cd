"""The rows of `rights_table` of the service desk, of the service and of the agreement; letters as there."""

ALL, MPO = "MXLVSRHNCOU", "MXU"

OF_THE_DESK = {  # table: (its list, an own row, add, change, delete)
    "service": (ALL, ALL, "MXNU", "", ""),
    "agreement": (ALL, ALL, "MXNU", "", ""),
    "servicedesk": (MPO, MPO, MPO, MPO, "U"),
    "outage": (MPO, MPO, "", "", ""),
    "ticket": ("MXLVSRHCOU", "MXLVSRHCOU", "MXLVSRHCOU", "", ""),
}

STEPS_OF_THE_DESK = {
    "announcement": {"tell": MPO},
    "service": {"publish": "NU", "amend": "MXNU"},
    "agreement": {"publish": "NU", "amend": "MXNU", "terminate": "NU"},
    "ticket": {
        "answer": MPO,
        "assign": MPO,
        "ask_back": MPO,
        "raise_banner": MPO,
        "name_person": MPO,
        "follow_up": "XLVSRHCO",
        "rate": "XLVSRHCO",
        "close": "MXLVSRHCOU",
        "reopen": "MXLVSRHCOU",
    },
}
