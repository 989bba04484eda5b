#!/usr/bin/env python3
"""yaml_blocks.py RUSHES SOURCE: every pipeline and spec we show or ship is one: README.md and docs/*.md
(blocks marked ```yaml), presets/, pipelines/. Read by `rushes lint`, and held to the schemas that `rushes schema`
and `rushes schema spec` print when python3-jsonschema and python3-yaml are there. A block that is no whole pipeline is marked
```yaml title=… or another language."""
import json, pathlib, re, subprocess, sys, tempfile

rushes, root = sys.argv[1], pathlib.Path(sys.argv[2])
try:
    import jsonschema, yaml
except ImportError:
    jsonschema = None


def core_loader():
    """YAML 1.2's core schema, as editors read it: 00:59:58:00 and yes are text."""
    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {}
    for tag, pattern, first in (
            ("bool", r"^(true|false|True|False|TRUE|FALSE)$", "tTfF"),
            ("null", r"^(~|null|Null|NULL|)$", ["~", "n", "N", ""]),
            ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
            ("float", r"^[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?$", "-+.0123456789")):
        Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), list(first))
    return Loader


def blocks(page):
    """(line, text) of each block of a Markdown page."""
    text = page.read_text()
    for found in re.finditer(r"^```yaml\n(.*?)^```$", text, re.M | re.S):
        yield text.count("\n", 0, found.start()) + 2, found.group(1)


SPEC = {"rushes", "name", "description", "source", "expect", "files"}  # the keys of one; a pipeline has others, too


def complaints(path, validators):
    lint = subprocess.run([rushes, "lint", str(path)], cwd=root, capture_output=True, text=True)
    if lint.returncode:
        yield lint.stderr.strip()
    if validators:
        document = yaml.load(path.read_text(), core_loader())
        validator = validators["spec" if document.keys() <= SPEC else "pipeline"]
        for error in validator.iter_errors(document):
            at = "/".join(str(part) for part in error.absolute_path)
            yield f"schema: {at}: {error.message[:300]}"


def shown(folder):
    """(what, path): files as shipped, and blocks of pages, written beside the pipelines they resemble."""
    for path in sorted([*root.glob("presets/**/*.yaml"), *root.glob("pipelines/*.yaml")]):
        yield path.relative_to(root), path
    for page in [root / "README.md", *sorted(root.glob("docs/*.md"))]:
        for line, text in blocks(page):
            path = pathlib.Path(folder) / f"{page.stem}-{line}.yaml"
            path.write_text(text)
            yield f"{page.relative_to(root)}:{line}", path


def main():
    validators = {}
    if jsonschema:
        for kind, words in (("pipeline", []), ("spec", ["spec"])):
            schema = json.loads(subprocess.run([rushes, "schema", *words], check=True, capture_output=True).stdout)
            validators[kind] = jsonschema.Draft202012Validator(schema)
    else:
        print("no python3-jsonschema: the schema is not checked")
    bad = count = 0
    with tempfile.TemporaryDirectory() as folder:
        for what, path in shown(folder):
            count += 1
            for complaint in complaints(path, validators):
                bad += 1
                print(f"{what}: {complaint}", file=sys.stderr)
    print(f"{count} pipelines and presets")
    return 1 if bad or not count else 0


sys.exit(main())
