# How every target of this project is built: one declaration per module, per executable and per
# fuzz target. Nothing here lists sources; the CMakeLists.txt beside them does.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)
set(KONVOY_SANITIZE "" CACHE STRING "Sanitizers for the whole build, as -fsanitize= takes them")
option(KONVOY_FUZZ "Build the libFuzzer targets, too (clang only)" OFF)

find_program(CCACHE ccache)
if(CCACHE)
  # The same source in another checkout is the same source: paths are taken relative to the top.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros "${CCACHE}")
endif()

# Designated initializers leave out what has its default: that is what they are for.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
                    -Woverloaded-virtual -Wno-missing-field-initializers -Werror -fstack-protector-strong
                    "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # libstdc++ 12 warns about its own std::string and std::variant when they are inlined deeply.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overread
                      -Wno-stringop-overflow -Wno-array-bounds)
endif()
add_compile_definitions(_FILE_OFFSET_BITS=64)
if(NOT KONVOY_SANITIZE)
  add_compile_options("$<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>")
endif()
if(KONVOY_SANITIZE)
  add_compile_options(-fsanitize=${KONVOY_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${KONVOY_SANITIZE})
endif()
if(KONVOY_FUZZ)
  # libFuzzer's coverage in everything; only fuzz targets link its main (konvoy_fuzz).
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
find_program(LLD ld.lld)
if(LLD)
  add_link_options(-fuse-ld=lld)
endif()
# Loading shared libraries is most of what a short command costs; OpenSSL and the C library stay
# shared, since they load further parts of the system.
if(NOT KONVOY_SANITIZE)
  add_link_options("$<$<CONFIG:Release>:-static-libstdc++;-static-libgcc>")
endif()

# konvoy_static_libraries(VARIABLE name...) puts the paths of lib<name>.a into VARIABLE.
function(konvoy_static_libraries variable)
  set(found)
  foreach(name IN LISTS ARGN)
    find_library(KONVOY_STATIC_${name} lib${name}.a REQUIRED)
    list(APPEND found "${KONVOY_STATIC_${name}}")
  endforeach()
  set(${variable} "${found}" PARENT_SCOPE)
endfunction()

# What the sanitizer and fuzzing builds make, instead of everything.
add_custom_target(konvoy_unit_tests)
add_custom_target(konvoy_fuzzers)

find_package(fmt 9 REQUIRED)
find_package(Threads REQUIRED)
enable_testing()

add_library(konvoy_fmt STATIC "${CMAKE_SOURCE_DIR}/packaging/cmake/fmt.cpp")

# Sanitizers double the work of a compiler, so there headers are parsed once. Elsewhere they are not:
# that each source includes what it uses is seen there.
set(precompiled <algorithm> <chrono> <filesystem> <functional> <map> <memory> <optional> <ranges>
                <set> <string> <string_view> <variant> <vector> <fmt/format.h>)
if(KONVOY_SANITIZE)
  file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/precompiled.cpp" CONTENT "")
  foreach(kind IN ITEMS library test)
    add_library(konvoy_precompiled_${kind} OBJECT "${CMAKE_BINARY_DIR}/precompiled.cpp")
    target_link_libraries(konvoy_precompiled_${kind} PRIVATE konvoy_fmt)
  endforeach()
  target_precompile_headers(konvoy_precompiled_library PRIVATE ${precompiled})
  target_precompile_headers(konvoy_precompiled_test PRIVATE ${precompiled} <doctest/doctest.h>)
endif()

# konvoy_precompiled(TARGET library|test) lets TARGET use the headers that are parsed once.
function(konvoy_precompiled target kind)
  if(KONVOY_SANITIZE)
    target_precompile_headers(${target} REUSE_FROM konvoy_precompiled_${kind})
  endif()
endfunction()

# konvoy_module(NAME
#   SOURCES a.cpp ...       sources in this folder
#   HEADERS a.hpp ...       public headers in this folder; each must compile alone
#   DEPENDS base value ...  modules whose headers ours may include
#   LIBRARIES fmt::fmt ...  third-party libraries, used in sources only
#   DATA data/x.json ...    files embedded into the library (see konvoy_embed)
#   TESTS a_test.cpp ...)   doctest sources in tests/NAME
# makes the library konvoy::NAME, its header check, and the unit test unit.NAME.
function(konvoy_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;DEPENDS;LIBRARIES;DATA;TESTS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "konvoy_module(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  add_library(konvoy_${name} STATIC ${arg_SOURCES})
  add_library(konvoy::${name} ALIAS konvoy_${name})
  list(TRANSFORM arg_DEPENDS PREPEND konvoy::)
  target_link_libraries(konvoy_${name} PUBLIC ${arg_DEPENDS}
                                       PRIVATE konvoy_fmt ${arg_LIBRARIES})
  konvoy_precompiled(konvoy_${name} library)
  target_sources(konvoy_${name} PUBLIC
    FILE_SET HEADERS BASE_DIRS "${CMAKE_SOURCE_DIR}/lib" FILES ${arg_HEADERS})
  if(arg_DATA)
    konvoy_embed(konvoy_${name} ${name} ${arg_DATA})
  endif()
  if(arg_TESTS)
    list(TRANSFORM arg_TESTS PREPEND "${CMAKE_SOURCE_DIR}/tests/${name}/")
    add_executable(unit_${name} ${arg_TESTS})
    target_link_libraries(unit_${name} PRIVATE konvoy::${name} konvoy_test_support
                                               konvoy_fmt)
    konvoy_precompiled(unit_${name} test)
    if(name STREQUAL "target" OR "konvoy::target" IN_LIST arg_DEPENDS)
      target_link_libraries(unit_${name} PRIVATE konvoy_fake_target)
    endif()
    add_dependencies(konvoy_unit_tests unit_${name})
    add_test(NAME unit.${name} COMMAND unit_${name})
    set_tests_properties(unit.${name} PROPERTIES LABELS unit)
  endif()
endfunction()

# konvoy_embed(TARGET PREFIX file...) puts files into TARGET as read-only bytes. The file
# data/modules.json of module binary is declared with KONVOY_EMBEDDED(binary_data_modules_json)
# (lib/base/embedded.hpp).
function(konvoy_embed target prefix)
  foreach(file IN LISTS ARGN)
    get_filename_component(path "${file}" ABSOLUTE)
    string(MAKE_C_IDENTIFIER "${prefix}_${file}" symbol)
    set(asm "${CMAKE_CURRENT_BINARY_DIR}/${symbol}.S")
    file(CONFIGURE OUTPUT "${asm}" @ONLY CONTENT
"    .section .rodata
    .global konvoy_embedded_@symbol@, konvoy_embedded_@symbol@_end
konvoy_embedded_@symbol@:
    .incbin \"@path@\"
konvoy_embedded_@symbol@_end:
    .byte 0
    .section .note.GNU-stack,\"\",%progbits
")
    set_source_files_properties("${asm}" PROPERTIES OBJECT_DEPENDS "${path}" LANGUAGE ASM
                                COMPILE_OPTIONS "-Wno-unused-command-line-argument")
    target_sources(${target} PRIVATE "${asm}")
  endforeach()
endfunction()

# konvoy_bundle(TARGET BASE file...) puts files, given relative to the directory BASE, into TARGET
# and defines konvoy::app::bundled_files(), the table of them (lib/app/data_files.hpp).
function(konvoy_bundle target base)
  set(asm "${CMAKE_CURRENT_BINARY_DIR}/bundle.S")
  set(table "${CMAKE_CURRENT_BINARY_DIR}/bundle.cpp")
  set(sections "    .section .rodata\n")
  set(declarations "")
  set(rows "")
  set(depends "")
  set(number 0)
  foreach(file IN LISTS ARGN)
    set(symbol "konvoy_bundled_${number}")
    string(APPEND sections "    .global ${symbol}, ${symbol}_end\n${symbol}:\n"
                           "    .incbin \"${base}/${file}\"\n${symbol}_end:\n    .byte 0\n")
    string(APPEND declarations "extern \"C\" const char ${symbol}[];\n"
                               "extern \"C\" const char ${symbol}_end[];\n")
    string(APPEND rows "      {\"${file}\", text(${symbol}, ${symbol}_end)},\n")
    list(APPEND depends "${base}/${file}")
    math(EXPR number "${number} + 1")
  endforeach()
  string(APPEND sections "    .section .note.GNU-stack,\"\",%progbits\n")
  file(CONFIGURE OUTPUT "${asm}" @ONLY CONTENT "@sections@")
  file(CONFIGURE OUTPUT "${table}" @ONLY CONTENT
"#include \"app/data_files.hpp\"

@declarations@
namespace konvoy::app {

std::span<const BundledFile> bundled_files() {
  const auto text = [](const char* begin, const char* end) {
    return std::string_view(begin, static_cast<std::size_t>(end - begin));
  };
  static const BundledFile files[] = {
@rows@  };
  return files;
}

}  // namespace konvoy::app
")
  set_source_files_properties("${asm}" PROPERTIES OBJECT_DEPENDS "${depends}" LANGUAGE ASM
                              COMPILE_OPTIONS "-Wno-unused-command-line-argument")
  target_sources(${target} PRIVATE "${asm}" "${table}")
endfunction()

# konvoy_executable(NAME SOURCES ... DEPENDS modules... LIBRARIES ...) puts NAME into bin/.
function(konvoy_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;LIBRARIES")
  list(TRANSFORM arg_DEPENDS PREPEND konvoy::)
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} konvoy_fmt ${arg_LIBRARIES})
endfunction()

# konvoy_fuzz(NAME SOURCE file DEPENDS modules...) makes the libFuzzer target fuzz_NAME; inputs to
# start from are in tests/fuzz/corpus/NAME.
function(konvoy_fuzz name)
  if(NOT KONVOY_FUZZ)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SOURCE" "DEPENDS")
  list(TRANSFORM arg_DEPENDS PREPEND konvoy::)
  add_executable(fuzz_${name} ${arg_SOURCE})
  target_link_libraries(fuzz_${name} PRIVATE ${arg_DEPENDS} konvoy_fmt)
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(konvoy_fuzzers fuzz_${name})
endfunction()
