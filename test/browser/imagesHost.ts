/** What `ImagesPage` uses of the viewer in the page: nothing of our own code. */

export interface HostViewport {
  type: string;
  element?: HTMLElement;
  canvasToWorld?(position: [number, number]): [number, number, number];
  getCamera?(): { focalPoint: number[]; viewPlaneNormal: number[]; parallelScale: number };
  getProperties?(): { voiRange?: { lower: number; upper: number } };
  getCurrentImageId?(): string;
  getImageIds?(): string[];
  getActors?(): { representationUID?: string; actor: { getVisibility(): boolean } }[];
  getImageData?():
    | {
        imageData: {
          getPointData(): { getScalars(): { getData(): ArrayLike<number> } };
        };
      }
    | undefined;
}

export interface HostWindow {
  commandsManager: {
    runCommand(name: string, options: unknown, context?: string): Promise<unknown>;
  };
  cornerstone: {
    metaData: { get(type: string, id: string): { imagePositionPatient: Iterable<number> } };
    cache: {
      getImage(id: string):
        | {
            referencedImageId?: string;
            voxelManager: { getScalarData(): ArrayLike<number> };
          }
        | undefined;
    };
  };
  cornerstoneTools: {
    segmentation: {
      state: {
        getSegmentations(): {
          segmentationId: string;
          segments: Record<string, { active: boolean; segmentIndex: number } | undefined>;
          representationData: { Labelmap: { imageIds: string[] } };
        }[];
      };
    };
  };
  services: {
    viewportGridService: {
      getState(): {
        activeViewportId: string;
        viewports: Map<string, { viewportId: string; displaySetInstanceUIDs?: string[] }>;
      };
      setActiveViewportId(id: string): void;
    };
    displaySetService: {
      getActiveDisplaySets(): { SeriesDescription?: string; displaySetInstanceUID: string }[];
      getDisplaySetByUID(uid: string):
        | {
            SeriesDescription?: string;
            instances?: { imageId?: string; InstanceNumber?: number }[];
          }
        | undefined;
    };
    cornerstoneViewportService: {
      getCornerstoneViewport(id: string): HostViewport | null;
    };
    segmentationService: {
      getSegmentationRepresentations(id: string): { segmentationId: string }[];
      addSegmentationRepresentation(
        id: string,
        options: { segmentationId: string; type: string }
      ): Promise<void>;
    };
  };
}
