#pragma once

#include <string>

#include "flamigo/tls/tls_options.hpp"
#include "support/temporary_directory.hpp"
#include "support/test_authority.hpp"

namespace flamigo::test {

/// A server's certificate in a file, and who has signed it.
struct tls_files {
  tls_files() {
    files.write("server.pem", authority.issue().both());
    options.certificates = {path("server.pem")};
  }

  std::string path(const std::string& name) const {
    return (files.path() / name).string();
  }

  temporary_directory files;
  test_authority authority;
  tls_options options;
};

} // namespace flamigo::test
