#pragma once

#include <filesystem>
#include <string>

namespace flamigo::tool {

/// The name of the file that npm makes of `clients/typescript`.
inline constexpr auto client_package = "flamigo-client-" FLAMIGO_VERSION ".tgz";

/// Where what is installed beside this tool lies: `share/flamigo` in an
/// installation, and the same place in the folder of a build.
std::filesystem::path data_directory();

/// Returns the package `@flamigo/client` of such a folder. Throws `failure`,
/// which says how it gets there, if it is not there.
std::string read_client_package(const std::filesystem::path& data);

} // namespace flamigo::tool
