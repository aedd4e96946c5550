# Run by the build: writes the macros that a program of a user's has around it, of
# the compiler, the C library and what Flamigo stands on, as a C++ array. Those in
# capitals are left out: no name of a user's may look like them.
#
#   cmake -D COMPILER=c++ -D INCLUDES=a|b -D OUT=macros.cpp -P macros.cmake

string(REGEX REPLACE "([^|]+)[|]?" "-I\\1;" includes "${INCLUDES}")
file(WRITE "${OUT}.probe" "#include <flamigo/serving.hpp>\n")
# As CMake compiles it where a project does not ask for the bare standard.
execute_process(
  COMMAND "${COMPILER}" -std=gnu++20 -x c++ -dM -E ${includes} "${OUT}.probe"
  OUTPUT_VARIABLE lines COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "#define [A-Za-z][A-Za-z0-9_]*" names "${lines}")
list(TRANSFORM names REPLACE "#define " "")
list(FILTER names INCLUDE REGEX "[a-z]")
list(SORT names COMPARE STRING)
list(REMOVE_DUPLICATES names)
list(TRANSFORM names REPLACE "(.+)" "  \"\\1\",\n")
list(JOIN names "" names)
file(WRITE "${OUT}" "#include \"identifier.hpp\"\n
namespace flamigo::tool {\n
namespace {\n
constexpr std::string_view all[] = {\n${names}};\n
} // namespace\n
std::span<const std::string_view> macros() noexcept {
  return all;
}\n
} // namespace flamigo::tool\n")
