# libdmtx as a peer in the benches: CASHPOINT_DMTX_LIBRARY and CASHPOINT_DMTX_INCLUDE where it is found
# and wanted.
set(CASHPOINT_DMTX AUTO CACHE STRING
    "libdmtx as a peer in the benches: AUTO (where it is installed), ON or OFF")
set_property(CACHE CASHPOINT_DMTX PROPERTY STRINGS AUTO ON OFF)
if(NOT CASHPOINT_DMTX MATCHES "^(AUTO|ON|OFF)$")
  message(FATAL_ERROR "CASHPOINT_DMTX takes AUTO, ON or OFF, not '${CASHPOINT_DMTX}'")
elseif(CASHPOINT_DMTX STREQUAL "OFF")
  message(STATUS "libdmtx as a peer: off (CASHPOINT_DMTX=OFF)")
  return()
endif()

find_path(CASHPOINT_DMTX_INCLUDE dmtx.h)
find_library(CASHPOINT_DMTX_CORE dmtx)
mark_as_advanced(CASHPOINT_DMTX_INCLUDE CASHPOINT_DMTX_CORE)
if(CASHPOINT_DMTX_INCLUDE AND CASHPOINT_DMTX_CORE)
  set(CASHPOINT_DMTX_LIBRARY ${CASHPOINT_DMTX_CORE})
  message(STATUS "libdmtx as a peer: yes")
elseif(CASHPOINT_DMTX STREQUAL "ON")
  message(FATAL_ERROR "CASHPOINT_DMTX=ON, but libdmtx is not to be found: install libdmtx-dev, or "
                      "configure with -DCASHPOINT_DMTX=OFF")
else()
  message(STATUS "libdmtx as a peer: no (libdmtx-dev is not installed)")
endif()
