#include "routes.hpp"

#include <ostream>
#include <string>

#include "access_file.hpp"
#include "failure.hpp"
#include "program.hpp"

namespace flamigo::tool {

int routes(const project& of, const routes_options& options,
           std::ostream& out) {
  // As of a variable of a shell that is not set.
  if (options.as && options.as->empty())
    throw failure{
      "--as is empty: it takes guest, user, or user:PERMISSION,..."};
  if (options.matrix && options.matrix->empty())
    throw failure{"--matrix is empty: name a file"};
  if (!options.matrix) {
    out << ask_program(of, options.as ? "--list-access-as=" + *options.as
                                      : "--list-strategies");
    return 0;
  }
  auto now = ask_program(of, "--list-access");
  if (!options.write)
    return compare_access(*options.matrix, now, out) ? 0 : 1;
  write_access(*options.matrix, now);
  return 0;
}

} // namespace flamigo::tool
