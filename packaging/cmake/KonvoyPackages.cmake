# What is installed, and the packages made of it (packaging/package): konvoy-image with its images,
# overrides, completions and manual, and dkp-fips-tool, which is one static file.

# A build runs with the images and overrides of its own source tree, whatever package is installed.
set(beside_executables "${CMAKE_BINARY_DIR}/share/konvoy-image")
file(MAKE_DIRECTORY "${beside_executables}")
foreach(directory IN ITEMS images overrides)
  file(CREATE_LINK "${CMAKE_SOURCE_DIR}/${directory}" "${beside_executables}/${directory}" SYMBOLIC)
endforeach()

# The manual and the completions are written by the program that they describe.
set(written "${CMAKE_BINARY_DIR}/written")
# Zsh looks in one folder on Debian and in another one elsewhere.
set(completions bash-completion/completions/konvoy-image:bash
                zsh/vendor-completions/_konvoy-image:zsh zsh/site-functions/_konvoy-image:zsh
                fish/vendor_completions.d/konvoy-image.fish:fish)
set(commands COMMAND ${CMAKE_COMMAND} -E rm -rf "${written}"
             COMMAND konvoy-image man --directory "${written}/man/man1")
foreach(completion IN LISTS completions)
  string(REPLACE ":" ";" completion "${completion}")
  list(GET completion 0 path)
  list(GET completion 1 shell)
  cmake_path(GET path PARENT_PATH folder)
  list(APPEND commands
    COMMAND ${CMAKE_COMMAND} -E make_directory "${written}/${folder}"
    COMMAND konvoy-image completion ${shell} > "${written}/${path}")
endforeach()
add_custom_target(konvoy_written ${commands} VERBATIM)

include(GNUInstallDirs)
install(TARGETS konvoy-image RUNTIME COMPONENT konvoy-image)
install(DIRECTORY images overrides DESTINATION share/konvoy-image COMPONENT konvoy-image)
install(FILES lib/binary/data/cmvp.json lib/binary/data/modules.json
              lib/verify/data/manifest.schema.json
        DESTINATION share/konvoy-image/data COMPONENT konvoy-image)
install(DIRECTORY "${written}/" DESTINATION share COMPONENT konvoy-image)
install(FILES README.md DESTINATION share/doc/konvoy-image COMPONENT konvoy-image)
install(FILES LICENSE DESTINATION share/doc/konvoy-image RENAME copyright COMPONENT konvoy-image)
install(TARGETS dkp-fips-tool RUNTIME COMPONENT dkp-fips-tool)
install(FILES LICENSE DESTINATION share/doc/dkp-fips-tool RENAME copyright COMPONENT dkp-fips-tool)

# Building is packaging/package's business: it makes the two executables, not the tests.
set(CPACK_CMAKE_GENERATOR Ninja)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(CPACK_GENERATOR DEB RPM)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_CONTACT "konvoy-image <konvoy-image@example.invalid>")
set(CPACK_PACKAGE_VENDOR konvoy-image)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "FIPS Kubernetes nodes of RHEL and CentOS 7 and 8")
set(CPACK_COMPONENT_KONVOY-IMAGE_DESCRIPTION
    "Turns ordinary machines and images into FIPS-140 Kubernetes nodes over ssh or offline, shows a plan before it changes anything, and proves what it made.")
set(CPACK_COMPONENT_DKP-FIPS-TOOL_DESCRIPTION
    "One static executable that checks a node against a signed manifest.")
set(CPACK_OUTPUT_FILE_PREFIX "${CMAKE_BINARY_DIR}/packages")
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL konvoy-image dkp-fips-tool)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_RPM_COMPONENT_INSTALL ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_KONVOY-IMAGE_PACKAGE_NAME konvoy-image)
set(CPACK_DEBIAN_KONVOY-IMAGE_PACKAGE_SHLIBDEPS ON)
# Loaded by name when they are needed (lib/net/libcurl.cpp, lazy_openssl.cpp), so nobody finds them in
# the file.
set(CPACK_DEBIAN_KONVOY-IMAGE_PACKAGE_DEPENDS "libcurl4, libssl3")
set(CPACK_DEBIAN_DKP-FIPS-TOOL_PACKAGE_NAME dkp-fips-tool)

set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_LICENSE Apache-2.0)
set(CPACK_RPM_PACKAGE_RELOCATABLE OFF)
# What EL 7's rpm can unpack, too.
set(CPACK_RPM_COMPRESSION_TYPE gzip)
set(CPACK_RPM_KONVOY-IMAGE_PACKAGE_NAME konvoy-image)
set(CPACK_RPM_KONVOY-IMAGE_PACKAGE_REQUIRES
    "libcurl.so.4()(64bit), libcrypto.so.3()(64bit), libssl.so.3()(64bit)")
set(CPACK_RPM_DKP-FIPS-TOOL_PACKAGE_NAME dkp-fips-tool)
set(CPACK_RPM_DKP-FIPS-TOOL_PACKAGE_AUTOREQ OFF)

include(CPack)
