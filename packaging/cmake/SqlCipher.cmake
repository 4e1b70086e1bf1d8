# SPDX-License-Identifier: Apache-2.0
# SQLCipher (the amalgamation that packaging/third_party fetched) as a static library: SqlCipher::sqlcipher.
# Only storage/sqlite may link it. libcrypto does the cryptography.
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
set(SQLCIPHER_SOURCE_DIR ${CMAKE_SOURCE_DIR}/.third_party/src/sqlcipher3-0.6.4/vendor)
if(NOT EXISTS ${SQLCIPHER_SOURCE_DIR}/sqlite3.c)
  message(FATAL_ERROR "SQLCipher is not fetched; run ./dev setup.")
endif()

add_library(tramontane_sqlcipher STATIC ${SQLCIPHER_SOURCE_DIR}/sqlite3.c)
add_library(SqlCipher::sqlcipher ALIAS tramontane_sqlcipher)
target_include_directories(tramontane_sqlcipher SYSTEM INTERFACE ${SQLCIPHER_SOURCE_DIR})
target_link_libraries(tramontane_sqlcipher PRIVATE OpenSSL::Crypto ${CMAKE_DL_LIBS})
set_target_properties(tramontane_sqlcipher PROPERTIES C_VISIBILITY_PRESET hidden POSITION_INDEPENDENT_CODE ON)
target_compile_options(tramontane_sqlcipher PRIVATE -w $<$<CONFIG:Debug>:-O1> -fstack-protector-strong)
target_compile_definitions(tramontane_sqlcipher PUBLIC SQLITE_HAS_CODEC PRIVATE
  # What SQLCipher demands; its log could name SQL, so it is left out.
  SQLITE_EXTRA_INIT=sqlcipher_extra_init SQLITE_EXTRA_SHUTDOWN=sqlcipher_extra_shutdown
  SQLCIPHER_CRYPTO_OPENSSL SQLCIPHER_OMIT_LOG SQLITE_TEMP_STORE=3
  # One connection belongs to one thread at a time: mutexes per connection would only cost.
  SQLITE_THREADSAFE=2
  # What the schema uses, and what says how much space each table takes.
  SQLITE_ENABLE_FTS5 SQLITE_ENABLE_DBSTAT_VTAB SQLITE_ENABLE_MATH_FUNCTIONS SQLITE_STRICT_SUBTYPE=1
  # Erasing clears what secure_delete leaves in pages (storage/sqlite/page_scrub.h); read-only in defensive mode.
  SQLITE_ENABLE_DBPAGE_VTAB
  # Nothing from outside: no extensions, no URI in file names, no double-quoted strings, no functions in schemas.
  SQLITE_OMIT_LOAD_EXTENSION SQLITE_USE_URI=0 SQLITE_DQS=0 SQLITE_TRUSTED_SCHEMA=0 SQLITE_MAX_MMAP_SIZE=0
  # The safe value also where a pragma is forgotten.
  SQLITE_SECURE_DELETE SQLITE_DEFAULT_FOREIGN_KEYS=1 SQLITE_DEFAULT_SYNCHRONOUS=2 SQLITE_DEFAULT_WAL_SYNCHRONOUS=2
  SQLITE_DEFAULT_MEMSTATUS=0 SQLITE_OMIT_DEPRECATED SQLITE_LIKE_DOESNT_MATCH_BLOBS
  SQLITE_DEFAULT_FILE_PERMISSIONS=0600 HAVE_USLEEP=1 HAVE_STDINT_H=1 HAVE_FDATASYNC=$<NOT:$<PLATFORM_ID:Windows>>)
if(TRAMONTANE_SANITIZE)
  # Undefined-behaviour checks stay with our own code; the others must see all code of a process.
  string(REPLACE ",undefined" "" _sanitize "${TRAMONTANE_SANITIZE}")
  target_compile_options(tramontane_sqlcipher PRIVATE -fsanitize=${_sanitize} -fno-omit-frame-pointer)
endif()
