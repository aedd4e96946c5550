#include "flamigo/cluster/detail/gap_notice.hpp"

#include <boost/describe/class.hpp>

#include "flamigo/json/json.hpp"

namespace flamigo::detail {

namespace {

struct gap {
  std::string node;
  std::optional<std::uint64_t> lost;
};

BOOST_DESCRIBE_STRUCT(gap, (), (node, lost))

} // namespace

client_message gap_notice(const std::string& node,
                          std::optional<std::uint64_t> lost) {
  return {"bus:gap", {to_json(gap{node, lost})}};
}

} // namespace flamigo::detail
