#include "routes.hpp"

#include <ostream>
#include <string>

#include "access_file.hpp"
#include "program.hpp"

namespace flamigo::tool {

int routes(const project& of, const routes_options& options,
           std::ostream& out) {
  if (options.matrix.empty()) {
    out << ask_program(of, options.as.empty()
                             ? "--list-strategies"
                             : "--list-access-as=" + options.as);
    return 0;
  }
  auto now = ask_program(of, "--list-access");
  if (!options.write)
    return compare_access(options.matrix, now, out) ? 0 : 1;
  write_access(options.matrix, now);
  return 0;
}

} // namespace flamigo::tool
