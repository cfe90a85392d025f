"""The shape of the code, as lib/README.md gives it: who may include whom, and which module owns
which library. Reads the konvoy_module() declarations; needs no build."""

import pathlib
import re

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]

# Header prefix of a library -> the places that may include it.
OWNERS = {
    "yaml-cpp/": {"lib/yaml"},
    "nlohmann/": {"lib/json"},
    "openssl/": {"lib/crypto", "lib/tls"},
    "curl/": {"lib/net"},
    "archive.h": {"lib/archive"},
    "archive_entry.h": {"lib/archive"},
    "CLI/": {"cli"},
    "spdlog/": {"cli"},
    "pcre2.h": {"lib/template"},
}
TOP_LEVEL = {
    "CMakeLists.txt", "CMakePresets.json", "cli", "lib", "overrides", "images", "tests", "packaging",
    "README.md", "LICENSE",
}
LONGEST = {".cpp": 500, ".hpp": 300, ".py": 500, ".sh": 300}


def declarations():
    found = {}
    for file in sorted(TOP.glob("lib/*/CMakeLists.txt")):
        text = re.sub(r"#.*", "", file.read_text())
        for name, body in re.findall(r"konvoy_module\((\w+)([^)]*)\)", text):
            words, sections, current = body.split(), {}, None
            for word in words:
                if word in {"SOURCES", "HEADERS", "DEPENDS", "LIBRARIES", "DATA", "TESTS"}:
                    current = sections.setdefault(word, [])
                else:
                    current.append(word)
            found[name] = sections
    return found


MODULES = declarations()
ORDER = re.search(r"foreach\(module IN ITEMS([^)]*)\)", (TOP / "CMakeLists.txt").read_text())[1].split()


def tracked(*suffixes):
    skipped = {"build", "work", ".git"}
    return [p for p in sorted(TOP.rglob("*")) if p.suffix in suffixes and p.is_file()
            and not skipped & set(p.relative_to(TOP).parts)]


def includes(path):
    """All headers; those of the system and of libraries stand in angle brackets."""
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', path.read_text(), re.M)


def own_includes(path):
    return re.findall(r'^\s*#\s*include\s*"([^"]+)"', path.read_text(), re.M)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_includes_only_what_it_depends_on(module):
    allowed = set(MODULES[module].get("DEPENDS", [])) | {module}
    for path in (TOP / "lib" / module).rglob("*.?pp"):
        for header in own_includes(path):
            owner = header.split("/")[0]
            if "/" in header and (TOP / "lib" / owner).is_dir():
                assert owner in allowed, f"{path.relative_to(TOP)} includes {header}"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_dependencies_point_downwards(module):
    assert module in ORDER, "the module is not in the top CMakeLists.txt"
    for dependency in MODULES[module].get("DEPENDS", []):
        assert ORDER.index(dependency) < ORDER.index(module), f"{module} depends on {dependency}"


def test_every_module_is_in_the_architecture():
    page = (TOP / "lib" / "README.md").read_text()
    table = " ".join(re.findall(r"^\|[^|]*\|([^|]*)\|", page, re.M))
    known = set(re.findall(r"\w+", table))
    assert [m for m in MODULES if m not in known] == []


def test_each_library_stays_in_its_module():
    for path in tracked(".cpp", ".hpp"):
        place = path.relative_to(TOP).as_posix()
        if place.startswith("tests/"):
            continue
        for header in includes(path):
            for prefix, owners in OWNERS.items():
                if header.startswith(prefix):
                    assert any(place.startswith(o + "/") for o in owners), f"{place}: {header}"


def test_no_third_party_type_in_a_public_header():
    for module, sections in MODULES.items():
        for name in sections.get("HEADERS", []):
            for header in includes(TOP / "lib" / module / name):
                assert not header.startswith((*OWNERS, "fmt/")), f"{module}/{name}: {header}"


def test_sources_are_declared():
    for module, sections in MODULES.items():
        folder = TOP / "lib" / module
        on_disk = {p.relative_to(folder).as_posix() for p in folder.rglob("*.cpp")}
        assert on_disk == set(sections.get("SOURCES", [])), module


def test_private_headers_stay_private():
    """A header that is not in HEADERS belongs to its module alone."""
    public = {f"{m}/{h}" for m, s in MODULES.items() for h in s.get("HEADERS", [])}
    for path in tracked(".cpp", ".hpp"):
        parts = path.relative_to(TOP).parts
        for header in own_includes(path):
            owner = header.split("/")[0]
            if "/" in header and owner in MODULES and header not in public:
                assert owner in parts[:2], f"{path.relative_to(TOP)} includes {header}"


def test_nothing_goes_round_the_doors():
    for path in tracked(".cpp", ".hpp"):
        place = path.relative_to(TOP).as_posix()
        if not place.startswith(("lib/", "cli/")):
            continue
        text = path.read_text()
        assert not re.search(r"\b(std::system|popen)\s*\(", text), place
        if not place.startswith("lib/system/"):
            assert not re.search(r"\b(fork|vfork|posix_spawnp?|execv[pe]?|clone)\s*\(", text), place


def test_rooms_fit_in_the_head():
    too_long = {p.relative_to(TOP).as_posix(): n for p in tracked(*LONGEST)
                if (n := len(p.read_text().splitlines())) > LONGEST[p.suffix]}
    assert too_long == {}


def test_nothing_else_at_the_top():
    names = {p.name for p in TOP.iterdir() if not p.name.startswith(".")} - {"build", "work"}
    assert names <= TOP_LEVEL


def test_no_unowned_todo():
    for path in tracked(".cpp", ".hpp", ".py", ".sh", ".cmake"):
        if path == pathlib.Path(__file__).resolve():
            continue
        for line in path.read_text().splitlines():
            assert not re.search(r"\b(TODO|FIXME|XXX)\b(?!.*#\d)", line), f"{path}: {line.strip()}"
