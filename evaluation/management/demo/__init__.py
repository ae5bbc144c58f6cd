"""The demo province: a year of 64 real kinds of agencies, made by calling the verbs as the people would.

No person in it is real, and every invented figure says so in the source of its row or in the title of the cycle.
"""
