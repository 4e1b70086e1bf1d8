# SPDX-License-Identifier: Apache-2.0
"""lock.json is complete, and what is generated from it is up to date."""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "packaging/third_party"))
import lock  # noqa: E402
import notices  # noqa: E402


class Notices(unittest.TestCase):
    def test_the_table_in_the_readme_is_up_to_date(self):
        present, wanted = notices.readme_with_table()
        self.assertEqual(wanted, present, "run packaging/third_party/notices.py --write")

    def test_every_part_says_what_it_must(self):
        data = lock.load()
        for entry in data["fetched"] + data["debian"]:
            for key in ("name", "licence", "purpose", "shipped", "windows"):
                self.assertTrue(entry[key], f"{entry['name']}: {key}")
        for entry in data["fetched"]:
            self.assertRegex(entry["sha256"], r"^[0-9a-f]{64}$")
            self.assertIn(entry["version"], entry["file"])

    def test_nothing_in_the_package_makes_the_whole_gpl(self):
        data = lock.load()
        for entry in data["fetched"] + data["debian"]:
            if entry["shipped"] in notices.INSIDE_THE_PACKAGE:
                self.assertIsNone(re.search(r"\bA?GPL", entry["licence"]), entry["name"])

    def test_the_copyright_file_names_all_that_is_inside(self):
        text = notices.copyright_text()
        data = lock.load()
        for entry in data["fetched"] + data["debian"]:
            self.assertEqual(entry["shipped"] in notices.INSIDE_THE_PACKAGE, f"Comment: {entry['name']} " in text, entry["name"])
        for licence in set(re.findall(r"^License: (\S+)$", text, re.MULTILINE)):
            self.assertRegex(text, rf"(?m)^License: {re.escape(licence)}\n \S")

    def test_each_debian_package_has_one_entry(self):
        seen = [name for entry in lock.load()["debian"] for names in entry["packages"].values() for name in names]
        self.assertEqual(sorted(set(seen)), sorted(seen))


if __name__ == "__main__":
    unittest.main()
