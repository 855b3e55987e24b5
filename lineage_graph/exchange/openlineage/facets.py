"""The standard facets of OpenLineage's specification: which fields they must have, of which kind.

A facet stays the dict it was, whatever else it holds; what the specification does not name is kept.
Fields that may be missing may also be null, as some clients send them.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict
from typing_extensions import NotRequired, TypedDict

_OPEN = ConfigDict(strict=True, extra="allow")
Text = str | None
Count = int | None
Number = int | float | None


class Facet(TypedDict):
    """Any facet: a JSON object."""

    __pydantic_config__ = _OPEN  # type: ignore[misc]


class Identifier(Facet):
    """What names a job or a dataset."""

    namespace: str
    name: str


class RunIdentifier(Facet):
    """What names a run."""

    runId: str


class RootRun(Facet):
    """The run at the top of a hierarchy, and its job."""

    run: RunIdentifier
    job: Identifier


class ParentRun(RootRun):
    """The run that a run is part of."""

    root: NotRequired[RootRun | None]


class ErrorMessage(Facet):
    """Why a run failed."""

    message: str
    programmingLanguage: str
    stackTrace: NotRequired[Text]


class NominalTime(Facet):
    """For which time a run was scheduled."""

    nominalStartTime: str
    nominalEndTime: NotRequired[Text]


class ProcessingEngine(Facet):
    """What ran it."""

    version: str
    name: NotRequired[Text]


class ExternalQuery(Facet):
    """The run's query in another system."""

    externalQueryId: str
    source: str


class ExtractionError(Facet):
    """What the client could not make out."""

    totalTasks: int
    failedTasks: int
    errors: list[dict[str, Any]]


class Variable(Facet):
    """An environment variable."""

    name: str
    value: str


class EnvironmentVariables(Facet):
    """The environment of a run."""

    environmentVariables: list[Variable]


class Parameter(Facet):
    """A parameter of a run."""

    key: str


class ExecutionParameters(Facet):
    """With which parameters a run was called."""

    parameters: NotRequired[list[Parameter] | None]


class Test(Facet):
    """A test that ran."""

    name: str
    status: str


class Tests(Facet):
    """The tests of a run."""

    tests: list[Test]


class Tag(Facet):
    """A word on a run, a job or a dataset."""

    key: str
    value: str


class Tags(Facet):
    """Words on a run, a job or a dataset."""

    tags: NotRequired[list[Tag] | None]


class Owner(Facet):
    """Who answers for something."""

    name: str


class Ownership(Facet):
    """Who answers for a job or a dataset."""

    owners: NotRequired[list[Owner] | None]


class Documentation(Facet):
    """What a job or a dataset is."""

    description: str


class JobType(Facet):
    """What kind of job it is, of which integration."""

    processingType: str
    integration: str
    jobType: NotRequired[Text]


class Sql(Facet):
    """The query a job runs."""

    query: str


class SourceCode(Facet):
    """The code a job runs."""

    language: str
    sourceCode: str


class SourceCodeLocation(Facet):
    """Where the code of a job lies."""

    type: str
    url: str
    version: NotRequired[Text]


class Field(Facet):
    """A column."""

    name: str
    type: NotRequired[Text]


class Schema(Facet):
    """The columns of a dataset."""

    fields: NotRequired[list[Field] | None]


class DataSource(Facet):
    """Where a dataset lies."""

    name: NotRequired[Text]
    uri: NotRequired[Text]


class InputField(Identifier):
    """A column that a column was made from."""

    field: str


class ColumnSources(Facet):
    """What one column was made from."""

    inputFields: list[InputField]


class ColumnLineage(Facet):
    """What each column was made from."""

    fields: dict[str, ColumnSources]
    dataset: NotRequired[list[InputField] | None]


class DatasetVersion(Facet):
    """Which version of a dataset it is."""

    datasetVersion: str


class DatasetType(Facet):
    """What kind of dataset it is."""

    datasetType: str


class Storage(Facet):
    """How a dataset is stored."""

    storageLayer: str
    fileFormat: NotRequired[Text]


class Catalog(Facet):
    """The catalog a dataset is in."""

    framework: str
    type: str
    name: str


class Level(Facet):
    """A level of what a dataset is part of."""

    type: str
    name: str


class Hierarchy(Facet):
    """What a dataset is part of."""

    hierarchy: list[Level]


class LifecycleStateChange(Facet):
    """What happened to a dataset: it was made, altered, dropped."""

    lifecycleStateChange: str
    previousIdentifier: NotRequired[Identifier | None]


class Symlink(Identifier):
    """Another name of a dataset."""

    type: str


class Symlinks(Facet):
    """Other names of a dataset."""

    identifiers: NotRequired[list[Symlink] | None]


class ColumnMetrics(Facet):
    """Figures of one column."""

    nullCount: NotRequired[Count]
    distinctCount: NotRequired[Count]
    sum: NotRequired[Number]
    count: NotRequired[Number]


class DataQualityMetrics(Facet):
    """Figures of a dataset."""

    columnMetrics: NotRequired[dict[str, ColumnMetrics]]
    rowCount: NotRequired[Count]
    bytes: NotRequired[Count]
    fileCount: NotRequired[Count]


def _measured(facet: DataQualityMetrics) -> DataQualityMetrics:
    """Refuse figures of nothing; the specification's earlier versions had those of the rows alone."""
    if "columnMetrics" not in facet and facet.get("rowCount") is None:
        raise ValueError("it has neither columnMetrics nor a rowCount")
    return facet


Metrics = Annotated[DataQualityMetrics, AfterValidator(_measured)]


class Assertion(Facet):
    """Something that was checked."""

    assertion: str
    success: bool


class DataQualityAssertions(Facet):
    """What was checked of a dataset."""

    assertions: list[Assertion]


class Statistics(Facet):
    """How much was read or written."""

    rowCount: NotRequired[Count]
    size: NotRequired[Count]
    fileCount: NotRequired[Count]


class RunFacets(Facet, total=False):
    """Facets of a run."""

    parent: ParentRun
    errorMessage: ErrorMessage
    nominalTime: NominalTime
    processing_engine: ProcessingEngine
    externalQuery: ExternalQuery
    extractionError: ExtractionError
    environmentVariables: EnvironmentVariables
    executionParameters: ExecutionParameters
    test: Tests
    tags: Tags


class JobFacets(Facet, total=False):
    """Facets of a job."""

    jobType: JobType
    sql: Sql
    sourceCode: SourceCode
    sourceCodeLocation: SourceCodeLocation
    ownership: Ownership
    documentation: Documentation
    tags: Tags


class DatasetFacets(Facet, total=False):
    """Facets of a dataset."""

    schema: Schema
    dataSource: DataSource
    columnLineage: ColumnLineage
    version: DatasetVersion
    datasetType: DatasetType
    storage: Storage
    catalog: Catalog
    hierarchy: Hierarchy
    lifecycleStateChange: LifecycleStateChange
    symlinks: Symlinks
    ownership: Ownership
    documentation: Documentation
    tags: Tags
    dataQualityMetrics: Metrics
    dataQualityAssertions: DataQualityAssertions


class InputFacets(Facet, total=False):
    """Facets of what a run read."""

    inputStatistics: Statistics
    dataQualityMetrics: Metrics
    dataQualityAssertions: DataQualityAssertions


class OutputFacets(Facet, total=False):
    """Facets of what a run wrote."""

    outputStatistics: Statistics


class AnyFacets(RunFacets, JobFacets, DatasetFacets, InputFacets, OutputFacets, total=False):
    """Facets of anything: some stand where the specification does not put them, and must be as good."""
