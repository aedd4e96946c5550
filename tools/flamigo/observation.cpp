#include "observation.hpp"

#include <iomanip>
#include <ostream>

namespace flamigo::tool {

std::ostream& operator<<(std::ostream& out, const observation& x) {
  using verdict = observation::verdict;
  auto how = x.how == verdict::fine       ? "  ok       "
             : x.how == verdict::doubtful ? "  doubtful "
             : x.how == verdict::wrong    ? "  wrong    "
                                          : "  skipped  ";
  return out << how << std::left << std::setw(11) << x.what << x.text << '\n';
}

} // namespace flamigo::tool
