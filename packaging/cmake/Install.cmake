# SPDX-License-Identifier: Apache-2.0
# What an installed Tramontane consists of (Linux). The engine lies beside the libraries that only it uses, so that the
# modules of ggml are found without any search path:
#   bin/tramontane, bin/tramontanectl
#   lib/<multiarch>/tramontane/tramontane-engine, libllama*, libmtmd*, libggml*
include(GNUInstallDirs)

foreach(_program tramontane tramontanectl)
  if(TARGET ${_program})
    install(TARGETS ${_program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()

if(TARGET tramontane-engine)
  find_package(Llama MODULE REQUIRED) # its variables live in the folder that asks for them
  set_target_properties(tramontane-engine PROPERTIES INSTALL_RPATH "$ORIGIN")
  install(TARGETS tramontane-engine RUNTIME DESTINATION ${TRAMONTANE_PRIVATE_LIBDIR})
  # Each library is installed under the one name by which the others ask for it.
  foreach(_name ggml-base ggml llama llama-common mtmd)
    file(GLOB _soname ${LLAMA_BINARY_DIR}/lib${_name}.so.?)
    if(NOT _soname)
      message(FATAL_ERROR "lib${_name} is missing in ${LLAMA_BINARY_DIR}; run ./dev package, which builds it.")
    endif()
    get_filename_component(_target ${_soname} NAME)
    file(REAL_PATH ${_soname} _file)
    install(FILES ${_file} DESTINATION ${TRAMONTANE_PRIVATE_LIBDIR} RENAME ${_target})
  endforeach()
  file(GLOB _modules ${LLAMA_BINARY_DIR}/libggml-cpu-*.so)
  install(FILES ${_modules} DESTINATION ${TRAMONTANE_PRIVATE_LIBDIR})
endif()

set(_id org.tramontane.Tramontane)
set(_deb ${CMAKE_SOURCE_DIR}/packaging/deb)
file(STRINGS ${CMAKE_SOURCE_DIR}/CHANGELOG.md _release REGEX "^## ${PROJECT_VERSION} - " LIMIT_COUNT 1)
string(REGEX REPLACE ".* - " "" TRAMONTANE_RELEASE_DATE "${_release}")
configure_file(${_deb}/${_id}.metainfo.xml.in ${CMAKE_BINARY_DIR}/${_id}.metainfo.xml @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/${_id}.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
install(FILES ${_deb}/${_id}.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES ${_deb}/man/tramontane.1 ${_deb}/man/tramontanectl.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

set(_icon ${_deb}/${_id}.svg)
install(FILES ${_icon} DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
find_program(RSVG_CONVERT rsvg-convert REQUIRED)
foreach(_size 48 128 256)
  set(_png ${CMAKE_BINARY_DIR}/icon-${_size}.png)
  add_custom_command(OUTPUT ${_png} DEPENDS ${_icon}
    COMMAND ${RSVG_CONVERT} --width ${_size} --height ${_size} --output ${_png} ${_icon} VERBATIM)
  list(APPEND _pngs ${_png})
  install(FILES ${_png} DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/${_size}x${_size}/apps RENAME ${_id}.png)
endforeach()
add_custom_target(tramontane_desktop_icons ALL DEPENDS ${_pngs})
