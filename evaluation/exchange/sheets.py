"""The sheets of a package. Their headings are Persian in every language, because programs read them too."""

from evaluation.workbook import Column, Sheet

AGENCY = Column(code="agency", heading="کد دستگاه", width=16)
DIMENSION = Column(code="dimension", heading="بعد", width=16)
CODE = Column(code="code", heading="کد شاخص", width=14)
RECEIVED = (
    AGENCY,
    DIMENSION,
    CODE,
    Column(code="self_actual", heading="عملکرد خودارزیابی", kind="number", width=20),
    Column(code="self_score", heading="امتیاز خودارزیابی", kind="number", width=20),
    Column(code="hq_actual", heading="عملکرد تأیید دستگاه متبوع", kind="number", width=20),
    Column(code="hq_score", heading="امتیاز تأیید دستگاه متبوع", kind="number", width=20),
    Column(code="note", heading="توضیح", width=40),
)
FINAL = (
    AGENCY,
    Column(code="name", heading="نام دستگاه", width=34),
    DIMENSION,
    CODE,
    Column(code="title", heading="عنوان شاخص", width=50),
    Column(code="maximum", heading="سقف امتیاز", kind="number"),
    Column(code="target", heading="هدف", kind="number"),
    Column(code="self_score", heading="امتیاز خودارزیابی", kind="number", width=20),
    Column(code="hq_score", heading="امتیاز تأیید دستگاه متبوع", kind="number", width=20),
    Column(code="initial_score", heading="امتیاز اولیه", kind="number"),
    Column(code="revised_score", heading="امتیاز بازنگری‌شده", kind="number"),
    Column(code="final_actual", heading="عملکرد نهایی", kind="number"),
    Column(code="final_score", heading="امتیاز نهایی", kind="number"),
    Column(code="exempt", heading="عدم مصداق", width=12),
)
EVIDENCE = (
    AGENCY,
    DIMENSION,
    CODE,
    Column(code="title", heading="عنوان مستند", width=40),
    Column(code="file", heading="نام فایل", width=40),
    Column(code="size", heading="حجم (بایت)", kind="number", places=0),
    Column(code="sha256", heading="کد کنترل صحت", width=68),
    Column(code="path", heading="محل فایل در بسته", width=50),
)


def key(line):
    """The columns that name a line."""
    return {
        "agency": line.assessment.agency.code,
        "dimension": line.assessment.dimension.code,
        "code": line.indicator.code,
    }


def received_sheet(lines):
    """The sheet of the workbook `received`: the figures of the agency and of its headquarters for each line."""
    figures = ("self_actual", "self_score", "hq_actual", "hq_score")
    rows = [key(line) | {name: getattr(line, name) for name in figures} | {"note": line.hq_note} for line in lines]
    return Sheet(title="انتقال", columns=RECEIVED, rows=rows)


def final_sheet(lines):
    """The sheet of the final report: the scores of each line at all levels, up to the confirmed one."""
    names = [column.code for column in FINAL[5:-1] if column.code != "target"]
    rows = [
        key(line)
        | {name: getattr(line, name) for name in names}
        | {
            "name": line.assessment.agency.name,
            "title": line.indicator.title,
            "target": line.target_at("final"),
            "exempt": "عدم مصداق" if line.exempt else "",
        }
        for line in lines
    ]
    return Sheet(title="گزارش نهایی", columns=FINAL, rows=rows)


def evidence_sheet(evidence, paths):
    """The register of evidence: each file with its hash and, where it is included, its path ({evidence pk: path})."""
    rows = [
        key(file.line)
        | {
            "title": file.title,
            "file": file.file.shown_name,
            "size": file.size,
            "sha256": file.sha256,
            "path": paths.get(file.pk, ""),
        }
        for file in evidence
    ]
    return Sheet(title="فهرست مستندات", columns=EVIDENCE, rows=rows)
