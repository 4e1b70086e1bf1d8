# SPDX-License-Identifier: Apache-2.0
# cmake -D RSVG=… -D SVG=file.svg -D NAME=… -D OUT=folder -D SCALES=100,125,… -P rasterise.cmake
# One PNG per scale from one drawing on a 16-px grid: OUT/<scale>/<name>.png. The window tints them as alpha masks.
string(REPLACE "," ";" SCALES "${SCALES}")
foreach(_scale IN LISTS SCALES)
  math(EXPR _side "16 * ${_scale} / 100")
  file(MAKE_DIRECTORY ${OUT}/${_scale})
  execute_process(COMMAND ${RSVG} --width ${_side} --height ${_side} --output ${OUT}/${_scale}/${NAME}.png ${SVG}
                  COMMAND_ERROR_IS_FATAL ANY)
endforeach()
