// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/model_errors.h"

#include <utility>

namespace tramontane::catalog {

Error modelNotFound(std::string detail)
{
    return {ErrorCode::ModelNotFound, "The model file is not there or cannot be read. Check the path and its rights.",
            std::move(detail)};
}

Error notGguf(std::string detail)
{
    return {ErrorCode::ModelNotGguf, "This file is not a GGUF model. Choose a file in GGUF format.", std::move(detail)};
}

Error modelDamaged(std::string detail)
{
    return {ErrorCode::ModelNotGguf, "This file begins like a GGUF model but is damaged. Fetch it again.",
            std::move(detail)};
}

Error modelTruncated(std::string detail)
{
    return {ErrorCode::ModelTruncated, "The model file is cut off: its end is missing. Fetch it again.",
            std::move(detail)};
}

Error modelUnsupported(std::string detail)
{
    return {ErrorCode::ModelUnsupported, "This version of Tramontane cannot use this model.", std::move(detail)};
}

Error modelChanged(std::string detail)
{
    return {ErrorCode::ModelChanged,
            "The model file is not the one that was imported. Import it again if the change was intended.",
            std::move(detail)};
}

Error modelLoadFailed(std::string detail)
{
    return {ErrorCode::ModelLoadFailed, "The model could not be loaded.", std::move(detail)};
}

} // namespace tramontane::catalog
