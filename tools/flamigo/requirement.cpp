#include "requirement.hpp"

#include <array>

namespace flamigo::tool {

namespace {

constexpr std::string_view probe_mark = "flamigo_probe";

constexpr auto table = std::to_array<requirement>({
  {.name = "CMake",
   .minimum = {3, 25, 0},
   .package = "cmake",
   .command = "cmake"},
  {.name = "Ninja",
   .minimum = {1, 10, 0},
   .package = "ninja-build",
   .command = "ninja"},
  {.name = "CAF",
   .minimum = {0, 17, 6},
   .package = "libcaf-dev",
   .header = "caf/config.hpp",
   .macros = "CAF_VERSION",
   .unit = 10'000,
   .end = {0, 18, 0}},
  {.name = "Boost",
   .minimum = {1, 81, 0},
   .package = "libboost-dev",
   .header = "boost/version.hpp",
   .macros = "BOOST_VERSION",
   .unit = 100'000},
  {.name = "RapidJSON",
   .minimum = {1, 1, 0},
   .package = "rapidjson-dev",
   .header = "rapidjson/rapidjson.h",
   .macros = "RAPIDJSON_MAJOR_VERSION RAPIDJSON_MINOR_VERSION "
             "RAPIDJSON_PATCH_VERSION"},
  {.name = "spdlog",
   .minimum = {1, 10, 0},
   .package = "libspdlog-dev",
   .header = "spdlog/version.h",
   .macros = "SPDLOG_VER_MAJOR SPDLOG_VER_MINOR SPDLOG_VER_PATCH"},
  {.name = "OpenSSL",
   .minimum = {3, 0, 0},
   .package = "libssl-dev",
   .header = "openssl/opensslv.h",
   .macros = "OPENSSL_VERSION_MAJOR OPENSSL_VERSION_MINOR "
             "OPENSSL_VERSION_PATCH"},
  {.name = "Catch2",
   .minimum = {3, 0, 0},
   .package = "catch2",
   .header = "catch2/catch_version_macros.hpp",
   .macros = "CATCH_VERSION_MAJOR CATCH_VERSION_MINOR CATCH_VERSION_PATCH"},
});

} // namespace

std::span<const requirement> requirements() noexcept {
  return table;
}

std::string package_of(const requirement& what, const distribution& on) {
  if (on.id == "debian" && on.version == "12") {
    if (what.name == "Boost")
      return "libboost1.81-dev";
    if (what.name == "Catch2")
      return "catch2/bookworm-backports";
  }
  return std::string{what.package};
}

std::string probe_of(const requirement& what) {
  return "#include <" + std::string{what.header} + ">\n"
         + std::string{probe_mark} + " " + std::string{what.macros} + "\n";
}

std::optional<version> read_probe(const requirement& what,
                                  std::string_view output) {
  auto mark = output.rfind(probe_mark);
  if (mark == output.npos)
    return std::nullopt;
  auto found = find_version(output.substr(mark + probe_mark.size()));
  if (found && what.unit != 0)
    return unpack_version(found->major, what.unit);
  return found;
}

} // namespace flamigo::tool
