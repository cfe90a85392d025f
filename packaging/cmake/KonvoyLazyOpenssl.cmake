# OpenSSL loaded at the first call of one of its functions instead of at the start of the program.
# Loading it takes longer than everything else that a command without cryptography does (and our own
# executable starts again for each command inside an image's root).
#
# konvoy_lazy_openssl(TARGET module...) puts a stub for each OpenSSL function that the modules call
# into TARGET; the linker prefers them to the shared libraries, which TARGET then does not need.
# Elsewhere than on x86_64, whose calling convention the stubs know, TARGET is linked as usual.

function(konvoy_lazy_openssl target)
  if(KONVOY_SANITIZE OR NOT CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    return()
  endif()
  find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto SSL)
  set(archives)
  foreach(module IN LISTS ARGN)
    list(APPEND archives "$<TARGET_FILE:konvoy_${module}>")
  endforeach()
  list(JOIN archives "," joined)
  set(stubs "${CMAKE_CURRENT_BINARY_DIR}/openssl_stubs.S")
  set(script "${CMAKE_SOURCE_DIR}/packaging/cmake/openssl_stubs.cmake")
  add_custom_command(OUTPUT "${stubs}"
    COMMAND ${CMAKE_COMMAND} "-DNM=${CMAKE_NM}" "-DARCHIVES=${joined}"
            "-DCRYPTO=${OPENSSL_CRYPTO_LIBRARY}" "-DSSL=${OPENSSL_SSL_LIBRARY}" "-DOUTPUT=${stubs}"
            -P "${script}"
    DEPENDS ${archives} "${script}" "${OPENSSL_CRYPTO_LIBRARY}" "${OPENSSL_SSL_LIBRARY}"
    VERBATIM)
  target_sources(${target} PRIVATE "${stubs}" "${CMAKE_SOURCE_DIR}/packaging/cmake/lazy_openssl.cpp")
  target_link_libraries(${target} PRIVATE ${CMAKE_DL_LIBS})
  target_link_options(${target} PRIVATE -Wl,--as-needed)
endfunction()
