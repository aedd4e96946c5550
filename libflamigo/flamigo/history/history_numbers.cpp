#include "flamigo/history/history_numbers.hpp"

namespace flamigo {

history_numbers::~history_numbers() = default;

} // namespace flamigo
