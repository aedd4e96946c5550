#include "client_package.hpp"

#include "contract/contract_document.hpp"
#include "failure.hpp"

namespace flamigo::tool {

namespace fs = std::filesystem;

fs::path data_directory() {
  auto bin = fs::read_symlink("/proc/self/exe").parent_path();
  return (bin / FLAMIGO_DATA_FROM_BIN).lexically_normal();
}

std::string read_client_package(const fs::path& data) {
  auto file = data / client_package;
  if (!fs::exists(file))
    throw failure{
      "a page needs the package @flamigo/client, and there is no "
      + file.string()
      + ": where Flamigo was built, install npm, run `cmake --preset release "
        "&& "
        "cmake --build --preset release --target flamigo_client`, and install "
        "it again"};
  return content_of(file);
}

} // namespace flamigo::tool
