# SPDX-License-Identifier: Apache-2.0
# Sets TRAMONTANE_ICON_SOURCE: a C++ file with the Qt resource :/tramontane/icons/<scale>/<name>.png, made at build time.
find_program(RSVG_CONVERT rsvg-convert REQUIRED)
set(_scales 100 125 150 175 200 250 300)
list(JOIN _scales "," _scale_list)
set(_icon_dir ${CMAKE_CURRENT_LIST_DIR})
set(_png_dir ${CMAKE_CURRENT_BINARY_DIR}/icons)
file(GLOB _svgs CONFIGURE_DEPENDS ${_icon_dir}/*.svg)

set(_qrc "<RCC><qresource prefix=\"/tramontane/icons\">\n")
set(_pngs)
foreach(_svg IN LISTS _svgs)
  get_filename_component(_name ${_svg} NAME_WE)
  set(_outputs)
  foreach(_scale IN LISTS _scales)
    list(APPEND _outputs ${_png_dir}/${_scale}/${_name}.png)
    string(APPEND _qrc "<file>${_scale}/${_name}.png</file>\n")
  endforeach()
  add_custom_command(OUTPUT ${_outputs}
    COMMAND ${CMAKE_COMMAND} -D RSVG=${RSVG_CONVERT} -D SVG=${_svg} -D NAME=${_name} -D OUT=${_png_dir}
            -D SCALES=${_scale_list} -P ${_icon_dir}/rasterise.cmake
    DEPENDS ${_svg} ${_icon_dir}/rasterise.cmake VERBATIM)
  list(APPEND _pngs ${_outputs})
endforeach()
string(APPEND _qrc "</qresource></RCC>\n")
file(CONFIGURE OUTPUT ${_png_dir}/tramontane_icons.qrc CONTENT "${_qrc}" @ONLY)

set(TRAMONTANE_ICON_SOURCE ${CMAKE_CURRENT_BINARY_DIR}/qrc_tramontane_icons.cpp)
add_custom_command(OUTPUT ${TRAMONTANE_ICON_SOURCE}
  COMMAND $<TARGET_FILE:Qt6::rcc> --name tramontane_icons --output ${TRAMONTANE_ICON_SOURCE}
          ${_png_dir}/tramontane_icons.qrc
  DEPENDS ${_pngs} ${_png_dir}/tramontane_icons.qrc VERBATIM)
