# Every header and every component is always installed, whatever the installing machine has.

include(CMakePackageConfigHelpers)
set(_tutti_config_dir "${CMAKE_INSTALL_DATADIR}/cmake/tutti")

foreach(_c IN LISTS TUTTI_COMPONENTS)
  install(TARGETS tutti_${_c} EXPORT tutti-${_c} FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(EXPORT tutti-${_c} NAMESPACE tutti:: FILE tutti-${_c}-targets.cmake DESTINATION "${_tutti_config_dir}")
endforeach()

configure_package_config_file(cmake/tuttiConfig.cmake.in tuttiConfig.cmake
  INSTALL_DESTINATION "${_tutti_config_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(tuttiConfigVersion.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${PROJECT_BINARY_DIR}/tuttiConfig.cmake" "${PROJECT_BINARY_DIR}/tuttiConfigVersion.cmake"
  cmake/tuttiDependencies.cmake DESTINATION "${_tutti_config_dir}")
