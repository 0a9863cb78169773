# OpenCV as a peer in the benches, and the C++ that it needs: CASHPOINT_OPENCV_LIBRARIES and
# CASHPOINT_OPENCV_INCLUDE where it is found and wanted.
set(CASHPOINT_OPENCV AUTO CACHE STRING
    "OpenCV as a peer in the benches: AUTO (where it is installed), ON or OFF")
set_property(CACHE CASHPOINT_OPENCV PROPERTY STRINGS AUTO ON OFF)
if(NOT CASHPOINT_OPENCV MATCHES "^(AUTO|ON|OFF)$")
  message(FATAL_ERROR "CASHPOINT_OPENCV takes AUTO, ON or OFF, not '${CASHPOINT_OPENCV}'")
elseif(CASHPOINT_OPENCV STREQUAL "OFF")
  message(STATUS "OpenCV as a peer: off (CASHPOINT_OPENCV=OFF)")
  return()
endif()

include(CheckLanguage)
check_language(CXX)
find_path(CASHPOINT_OPENCV_INCLUDE opencv2/imgproc.hpp PATH_SUFFIXES opencv4)
find_library(CASHPOINT_OPENCV_IMGPROC opencv_imgproc)
find_library(CASHPOINT_OPENCV_CORE opencv_core)
mark_as_advanced(CASHPOINT_OPENCV_INCLUDE CASHPOINT_OPENCV_IMGPROC CASHPOINT_OPENCV_CORE)
if(CMAKE_CXX_COMPILER AND CASHPOINT_OPENCV_INCLUDE AND CASHPOINT_OPENCV_IMGPROC
   AND CASHPOINT_OPENCV_CORE)
  enable_language(CXX)
  set(CASHPOINT_OPENCV_LIBRARIES ${CASHPOINT_OPENCV_IMGPROC} ${CASHPOINT_OPENCV_CORE})
  message(STATUS "OpenCV as a peer: yes")
elseif(CASHPOINT_OPENCV STREQUAL "ON")
  message(FATAL_ERROR "CASHPOINT_OPENCV=ON, but OpenCV or a C++ compiler is not to be found: install "
                      "libopencv-imgproc-dev and g++, or configure with -DCASHPOINT_OPENCV=OFF")
else()
  message(STATUS "OpenCV as a peer: no (libopencv-imgproc-dev or g++ is not installed)")
endif()
