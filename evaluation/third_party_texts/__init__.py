"""Texts of the libraries that people see and `evaluation/locale/fa` translates. Nothing imports these modules.

`makemessages` reads our sources only and would comment the libraries' entries out; being named here keeps them.
`tests/architecture/test_third_party_texts.py` compares the modules with the installed packages.

To refresh the catalogues, with the options that keep the difference small:

    python manage.py makemessages -l fa --no-wrap --add-location file --no-obsolete \\
        -i tests -i var -i vendor -i "*.min.js"
    python manage.py makemessages -l fa -d djangojs --no-wrap --add-location file --no-obsolete \\
        -i tests -i var -i vendor -i "*.min.js"

then translate what is empty or marked fuzzy, and compile:

    python manage.py compilemessages -l fa -i .venv

The .mo files are committed, so that a fresh machine needs no gettext. Where a word is a verb here and something else in
a library ("Submit", "Save", "Delete", "Go", "Run", "Apply"), ours is `pgettext_lazy("verb", …)`.
"""
