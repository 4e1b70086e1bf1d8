# SPDX-License-Identifier: Apache-2.0
# Cross builds for 64-bit Windows with Debian's g++-mingw-w64-x86-64-posix (GCC 12, msvcrt, posix threads). Libraries built
# for Windows (Qt, libsodium, OpenSSL) lie below TRAMONTANE_WINDOWS_PREFIX.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_VERSION 10.0)
set(CMAKE_SYSTEM_PROCESSOR x86_64)

set(_triplet x86_64-w64-mingw32)
set(CMAKE_C_COMPILER ${_triplet}-gcc-posix)
set(CMAKE_CXX_COMPILER ${_triplet}-g++-posix)
set(CMAKE_RC_COMPILER ${_triplet}-windres)

# Windows 10: the headers then declare what later systems added as well.
foreach(_language IN ITEMS C CXX)
  set(CMAKE_${_language}_FLAGS_INIT "-D_WIN32_WINNT=0x0A00 -DWINVER=0x0A00 -DNOMINMAX -DWIN32_LEAN_AND_MEAN")
endforeach()

set(TRAMONTANE_WINDOWS_PREFIX "" CACHE PATH "Where the libraries for Windows lie.")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TRAMONTANE_WINDOWS_PREFIX)
set(CMAKE_FIND_ROOT_PATH /usr/${_triplet} ${TRAMONTANE_WINDOWS_PREFIX})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
