"""The headings that our workbooks had before, so that files handed out earlier still import without a question.

A heading changes when the office's word for the column does (`evaluation.termbase`); its earlier words stay names of
the column, because people keep workbooks for years. Nothing is guessed here: see `guesses` for what offices write.
"""

EARLIER = {  # heading of today: its earlier ones
    "دستگاه متبوع": ("ستاد",),
    "عملکرد خودارزیابی": ("خوداظهاری عملکرد",),
    "امتیاز خودارزیابی": ("خوداظهاری امتیاز",),
    "عملکرد تأیید دستگاه متبوع": ("عملکرد تأیید ستاد",),
    "امتیاز تأیید دستگاه متبوع": ("امتیاز تأیید ستاد",),
    "توضیح دستگاه متبوع": ("توضیح ستاد دستگاه",),
    "گزینه‌ها": ("پله‌ها",),
    "استناد قانونی": ("مستند قانونی",),
    "تعداد مستندات": ("شمار مستندات",),
}
