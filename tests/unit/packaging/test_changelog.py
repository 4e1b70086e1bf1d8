# SPDX-License-Identifier: Apache-2.0
"""The changelog of the DEB is made from CHANGELOG.md; the version comes from CMakeLists.txt alone."""
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "packaging/deb"))
import changelog  # noqa: E402


class Changelog(unittest.TestCase):
    def test_the_newest_version_is_the_one_that_is_built(self):
        newest = changelog.releases((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))[0]
        self.assertEqual(changelog.project_version(), newest[0])
        self.assertGreater(len(newest[2]), 0)

    def test_items_go_over_several_lines(self):
        text = "# C\n\n## 1.2.3 - 2026-01-02\n\n- One\n  and more.\n- Two.\n\n## 1.0.0 - 2025-01-02\n\n- Old.\n"
        self.assertEqual([("1.2.3", "2026-01-02", ["One and more.", "Two."]), ("1.0.0", "2025-01-02", ["Old."])],
                         changelog.releases(text))

    def test_lines_are_wrapped_for_debian(self):
        lines = changelog.wrapped("word " * 60).split("\n")
        self.assertTrue(lines[0].startswith("  * word") and lines[1].startswith("    word"))
        self.assertLessEqual(max(map(len, lines)), 80)


if __name__ == "__main__":
    unittest.main()
