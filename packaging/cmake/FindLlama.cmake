# SPDX-License-Identifier: Apache-2.0
# Imported targets for the llama.cpp that packaging/third_party/build_llama.sh built: Llama::llama, Llama::common,
# Llama::mtmd.
# Only inference/engine may link them.
set(TRAMONTANE_LLAMA_FLAVOUR "native" CACHE STRING "Which build of llama.cpp: native or release.")
set(_lock ${CMAKE_SOURCE_DIR}/packaging/third_party/lock.json)
set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${_lock})
file(READ ${_lock} _json)
string(JSON _unpack GET "${_json}" fetched 0 unpack)
string(JSON LLAMA_VERSION GET "${_json}" fetched 0 version)
set(LLAMA_SOURCE_DIR ${CMAKE_SOURCE_DIR}/.third_party/src/${_unpack})
set(LLAMA_BINARY_DIR ${CMAKE_SOURCE_DIR}/.third_party/build/llama-${TRAMONTANE_LLAMA_FLAVOUR}/bin)
if(NOT EXISTS ${LLAMA_BINARY_DIR}/libllama.so OR NOT EXISTS ${LLAMA_BINARY_DIR}/libmtmd.so)
  message(FATAL_ERROR "llama.cpp (${TRAMONTANE_LLAMA_FLAVOUR}) is not built; run ./dev setup.")
endif()

if(TARGET Llama::llama)
  return()
endif()
foreach(_name ggml-base ggml llama llama-common mtmd)
  add_library(Llama::${_name} SHARED IMPORTED GLOBAL)
  set_target_properties(Llama::${_name} PROPERTIES IMPORTED_LOCATION ${LLAMA_BINARY_DIR}/lib${_name}.so)
endforeach()
set_target_properties(Llama::llama PROPERTIES
  INTERFACE_INCLUDE_DIRECTORIES "${LLAMA_SOURCE_DIR}/include;${LLAMA_SOURCE_DIR}/ggml/include"
  INTERFACE_LINK_LIBRARIES "Llama::ggml;Llama::ggml-base")
set_target_properties(Llama::llama-common PROPERTIES
  INTERFACE_INCLUDE_DIRECTORIES "${LLAMA_SOURCE_DIR}/common;${LLAMA_SOURCE_DIR}/vendor"
  INTERFACE_LINK_LIBRARIES "Llama::llama")
set_target_properties(Llama::mtmd PROPERTIES
  INTERFACE_INCLUDE_DIRECTORIES "${LLAMA_SOURCE_DIR}/tools/mtmd"
  INTERFACE_LINK_LIBRARIES "Llama::llama")
