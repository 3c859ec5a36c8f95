#!/usr/bin/env python
"""The portal's command line."""

import os
import sys

from django.core.management import execute_from_command_line

from opinovi.demo.environment import surroundings

if __name__ == "__main__":
    if sys.argv[1:2] == ["demo"]:
        os.environ |= surroundings(sys.argv[2:])  # the settings read them
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinovi.settings")
    execute_from_command_line(sys.argv)
