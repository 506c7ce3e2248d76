# How everything in the project is compiled, and the few words its CMakeLists.txt files use.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
find_program(RTJAM_CCACHE ccache)
if(RTJAM_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${RTJAM_CCACHE})
    # It remembers no compilation that begins with one, unless its user has allowed that.
    set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()

find_package(Threads REQUIRED)
if(RTJAM_TESTS)
    find_package(GTest REQUIRED)
    find_package(benchmark REQUIRED)
    include(GoogleTest)
endif()

# Contraction of a*b+c into one rounding differs between compilers and machines: one seed must give one digest.
add_library(rtjam_build INTERFACE)
target_compile_options(rtjam_build INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Werror -ffp-contract=off)
target_include_directories(rtjam_build INTERFACE ${PROJECT_SOURCE_DIR})
if(RTJAM_SANITIZE)
    target_compile_options(rtjam_build INTERFACE -fsanitize=${RTJAM_SANITIZE} -fno-omit-frame-pointer
        -fno-sanitize-recover=all)
    target_link_options(rtjam_build INTERFACE -fsanitize=${RTJAM_SANITIZE})
endif()

# The headers of GoogleTest are most of what compiling a test takes. They are compiled once, as part of this
# target, exactly as rtjam_test() compiles. A test includes what it uses all the same: dev-clang and tsan do
# without.
if(RTJAM_TESTS)
    set(test_headers_source ${CMAKE_CURRENT_BINARY_DIR}/test_headers.cpp)
    file(CONFIGURE OUTPUT ${test_headers_source} CONTENT "")
    add_library(rtjam_test_headers OBJECT ${test_headers_source})
    target_link_libraries(rtjam_test_headers PRIVATE rtjam_build GTest::gmock GTest::gtest_main)
    target_compile_options(rtjam_test_headers PRIVATE -O0)
    target_precompile_headers(rtjam_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
endif()

# rtjam_library(NAME SOURCES ... USES ...): one module folder; USES is who it may use.
function(rtjam_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
    if(ARG_SOURCES)
        add_library(${name} STATIC ${ARG_SOURCES})
        target_link_libraries(${name} PUBLIC rtjam_build ${ARG_USES})
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE rtjam_build ${ARG_USES})
    endif()
endfunction()

# rtjam_test(NAME OPTIMISED ... SOURCES ... USES ...): a GoogleTest program; each of its tests is one of
# ctest's. What is tested is optimised, the test's own code is not: it would take most of the time of a build, for
# nothing. OPTIMISED are sources whose own code simulates so much that it is worth it. They come first, for of
# an inline function that several sources have the linker takes the first.
function(rtjam_test name)
    cmake_parse_arguments(ARG "" "" "OPTIMISED;SOURCES;USES;PROPERTIES" ${ARGN})
    if(NOT RTJAM_TESTS)
        return()
    endif()
    add_executable(${name} ${ARG_OPTIMISED} ${ARG_SOURCES})
    set_source_files_properties(${ARG_OPTIMISED} PROPERTIES COMPILE_OPTIONS -O1 SKIP_PRECOMPILE_HEADERS ON)
    target_link_libraries(${name} PRIVATE rtjam_build ${ARG_USES} GTest::gmock GTest::gtest_main)
    target_compile_options(${name} PRIVATE -O0)
    target_precompile_headers(${name} REUSE_FROM rtjam_test_headers)
    gtest_discover_tests(${name} TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 120
        PROPERTIES TIMEOUT 600 ${ARG_PROPERTIES})
endfunction()

# rtjam_bench(NAME SOURCES ... USES ...): a Google Benchmark program; run by hand, never a test.
function(rtjam_bench name)
    cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
    if(NOT RTJAM_TESTS OR RTJAM_SANITIZE)  # what is sanitized is not timed
        return()
    endif()
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE rtjam_build ${ARG_USES} benchmark::benchmark_main)
endfunction()
