# Writes the source SOURCE, which says from which commit FOLDER is built. Run at every build, it touches the file only
# when the answer is another one.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND git describe --always --dirty --exclude * WORKING_DIRECTORY ${FOLDER}
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
    set(commit "unknown")
endif()
file(CONFIGURE OUTPUT ${SOURCE} @ONLY CONTENT [[
#include "sim/commit.hpp"

const char* rtjam::sim::built_commit() {
    return "@commit@";
}
]])
