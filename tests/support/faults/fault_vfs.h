// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tramontane::test {

/// Registers the VFS TRAMONTANE_FAULT_VFS as SQLite's default: the system's own VFS, with every call of it reported to fault_disk and
/// open to its faults. SQLCipher encrypts in the pager, above the VFS, so what passes here is what reaches the disk. Once a
/// process, before the first database is opened. False when SQLite refuses. Product code has no part in it: a database
/// that names no VFS gets the default one.
[[nodiscard]] bool useFaultVfs();

} // namespace tramontane::test
