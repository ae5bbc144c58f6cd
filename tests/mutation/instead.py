"""A plugin of pytest: one module of the product is read from another file. `MUTANT` is "module=file".

The real file stays as it is; whoever asks where the module stands is told the real place.
"""

import importlib.machinery
import os
import sys
from pathlib import Path

MODULE, FILE = os.environ["MUTANT"].split("=", 1)


class Changed(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        return compile(Path(FILE).read_text(), self.path, "exec", dont_inherit=True)


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != MODULE:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, path, target)
        found.loader = Changed(name, found.origin)
        return found


assert MODULE not in sys.modules, "the plugin comes too late"
sys.meta_path.insert(0, Finder)
