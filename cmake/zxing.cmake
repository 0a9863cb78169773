# zxing-cpp as a peer in the benches: CASHPOINT_ZXING_LIBRARY and CASHPOINT_ZXING_INCLUDE where it is
# found and wanted, and C++ for its adaptor.
set(CASHPOINT_ZXING AUTO CACHE STRING
    "zxing-cpp as a peer in the benches: AUTO (where it is installed), ON or OFF")
set_property(CACHE CASHPOINT_ZXING PROPERTY STRINGS AUTO ON OFF)
if(NOT CASHPOINT_ZXING MATCHES "^(AUTO|ON|OFF)$")
  message(FATAL_ERROR "CASHPOINT_ZXING takes AUTO, ON or OFF, not '${CASHPOINT_ZXING}'")
elseif(CASHPOINT_ZXING STREQUAL "OFF")
  message(STATUS "zxing-cpp as a peer: off (CASHPOINT_ZXING=OFF)")
  return()
endif()

include(CheckLanguage)
check_language(CXX)
find_path(CASHPOINT_ZXING_INCLUDE ZXing/ReadBarcode.h)
find_library(CASHPOINT_ZXING_CORE ZXing)
mark_as_advanced(CASHPOINT_ZXING_INCLUDE CASHPOINT_ZXING_CORE)
if(CMAKE_CXX_COMPILER AND CASHPOINT_ZXING_INCLUDE AND CASHPOINT_ZXING_CORE)
  enable_language(CXX)
  set(CASHPOINT_ZXING_LIBRARY ${CASHPOINT_ZXING_CORE})
  message(STATUS "zxing-cpp as a peer: yes")
elseif(CASHPOINT_ZXING STREQUAL "ON")
  message(FATAL_ERROR "CASHPOINT_ZXING=ON, but zxing-cpp or a C++ compiler is not to be found: install "
                      "libzxing-dev and g++, or configure with -DCASHPOINT_ZXING=OFF")
else()
  message(STATUS "zxing-cpp as a peer: no (libzxing-dev or g++ is not installed)")
endif()
