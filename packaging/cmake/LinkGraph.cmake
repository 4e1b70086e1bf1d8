# SPDX-License-Identifier: Apache-2.0
# Writes which target links what, as declared, for tests/architecture. One line per target:
#   folder|target|type|link,link,…

function(_tramontane_graph_of directory out)
  get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${directory})
  set(text "")
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(type MATCHES "LIBRARY|EXECUTABLE" AND NOT type STREQUAL "INTERFACE_LIBRARY")
      get_target_property(links ${target} LINK_LIBRARIES)
      if(NOT links)
        set(links "")
      endif()
      string(REPLACE ";" "," links "${links}")
      string(APPEND text "${folder}|${target}|${type}|${links}\n")
    endif()
  endforeach()
  get_property(children DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
  foreach(child IN LISTS children)
    _tramontane_graph_of(${child} below)
    string(APPEND text "${below}")
  endforeach()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

function(_tramontane_save_graph file)
  _tramontane_graph_of(${CMAKE_SOURCE_DIR} text)
  file(WRITE ${file} "${text}")
endfunction()

# Runs when all folders have been read, so that no target is missed.
function(tramontane_write_link_graph file)
  cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY [[${CMAKE_SOURCE_DIR}]] CALL _tramontane_save_graph [[${file}]])")
endfunction()
