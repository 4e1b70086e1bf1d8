# SPDX-License-Identifier: Apache-2.0
# How targets are declared here. Flags sit on one INTERFACE target, so that no room sets its own.
#   tramontane_add_library(NAME SOURCES … [LINK …] [PRIVATE_LINK …] [QT] )
#   tramontane_add_program(NAME SOURCES … [LINK …] [QT])
#   tramontane_add_test(NAME SOURCES … [LINK …] [LABELS …] [TIMEOUT s] [GUI] [WHOLE_MACHINE] [ARGS …])
#     WHOLE_MACHINE: runs alone, because a model computes on every core in it
# A test also carries the name of its folder below tests/ as a label (unit, integration, …); those of tests/unit/ui are also
# labelled window. The target unit_tests builds all of the first kind, room_tests those that need no window.
# Unknown arguments are errors. Includes are always written from the top folder: #include "app/core/result.h".

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# moc of Qt 6.4 stops at the concepts of libstdc++ 12; it has no use for them.
set(CMAKE_AUTOMOC_MOC_OPTIONS -D_GLIBCXX_CONCEPTS)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

set(TRAMONTANE_PRIVATE_LIBDIR ${CMAKE_INSTALL_LIBDIR}/tramontane)
set(TRAMONTANE_SANITIZE "" CACHE STRING "address,undefined or thread; empty for none.")

add_library(tramontane_flags INTERFACE)
target_include_directories(tramontane_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(tramontane_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wundef -Wformat=2 -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-missing-field-initializers
  -Werror=return-type -fstack-protector-strong
  $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
target_compile_definitions(tramontane_flags INTERFACE
  QT_NO_KEYWORDS QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
  $<$<BOOL:${TRAMONTANE_TEST_HOOKS}>:TRAMONTANE_TEST_HOOKS>)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  target_link_options(tramontane_flags INTERFACE -Wl,-z,relro,-z,now $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>)
endif()
if(TRAMONTANE_SANITIZE)
  target_compile_options(tramontane_flags INTERFACE -fsanitize=${TRAMONTANE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(tramontane_flags INTERFACE -fsanitize=${TRAMONTANE_SANITIZE})
endif()

function(_tramontane_common target)
  cmake_parse_arguments(PARSE_ARGV 1 A "QT" "" "SOURCES;LINK;PRIVATE_LINK;DEFINES")
  if(A_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${target}: unknown arguments: ${A_UNPARSED_ARGUMENTS}")
  endif()
  target_sources(${target} PRIVATE ${A_SOURCES})
  target_link_libraries(${target} PUBLIC tramontane_flags ${A_LINK} PRIVATE ${A_PRIVATE_LINK})
  target_compile_definitions(${target} PRIVATE ${A_DEFINES})
  if(A_QT)
    set_target_properties(${target} PROPERTIES AUTOMOC ON)
  endif()
endfunction()

function(tramontane_add_library target)
  add_library(${target} STATIC)
  _tramontane_common(${target} ${ARGN})
endfunction()

function(tramontane_add_program target)
  add_executable(${target})
  _tramontane_common(${target} ${ARGN})
endfunction()

function(tramontane_add_test target)
  cmake_parse_arguments(PARSE_ARGV 1 A "GUI;WHOLE_MACHINE" "TIMEOUT" "SOURCES;LINK;LABELS;ARGS;DEFINES;ENVIRONMENT")
  if(A_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${target}: unknown arguments: ${A_UNPARSED_ARGUMENTS}")
  endif()
  add_executable(${target} ${A_SOURCES})
  target_link_libraries(${target} PRIVATE tramontane_flags Qt6::Test ${A_LINK})
  target_compile_definitions(${target} PRIVATE ${A_DEFINES}
    TRAMONTANE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" TRAMONTANE_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
  set_target_properties(${target} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${target} COMMAND ${target} ${A_ARGS})
  if(NOT A_TIMEOUT)
    set(A_TIMEOUT 120)
  endif()
  set(env ${A_ENVIRONMENT})
  if(A_GUI)
    list(APPEND env QT_QPA_PLATFORM=offscreen)
  endif()
  file(RELATIVE_PATH kind ${CMAKE_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
  string(REGEX REPLACE "/.*" "" kind "${kind}")
  list(APPEND A_LABELS ${kind})
  if(CMAKE_CURRENT_SOURCE_DIR MATCHES "/tests/unit/ui/")
    list(APPEND A_LABELS window)
  endif()
  list(REMOVE_DUPLICATES A_LABELS)
  if(kind STREQUAL "unit")
    if(NOT TARGET unit_tests)
      add_custom_target(unit_tests)
      add_custom_target(room_tests)
      add_dependencies(unit_tests room_tests)
    endif()
    add_dependencies(unit_tests ${target})
    if(NOT "window" IN_LIST A_LABELS)
      add_dependencies(room_tests ${target})
    endif()
  endif()
  if(A_WHOLE_MACHINE)
    set_tests_properties(${target} PROPERTIES RUN_SERIAL ON)
  endif()
  set_tests_properties(${target} PROPERTIES TIMEOUT ${A_TIMEOUT} LABELS "${A_LABELS}" ENVIRONMENT "${env}")
endfunction()
